"""What to paste into MCP clients, in each one's own format."""

import json
from dataclasses import dataclass

_RUN = {"command": "uvx", "args": ["scrum-mcp"]}


@dataclass(frozen=True)
class Configuration:
    where: str
    text: str


CONFIGURATIONS = (
    Configuration("Claude Code, in a terminal", "claude mcp add scrum -- uvx scrum-mcp"),
    Configuration(
        "Claude Desktop (claude_desktop_config.json), Cursor (.cursor/mcp.json),\n"
        "Windsurf (mcp_config.json) and most others",
        json.dumps({"mcpServers": {"scrum": _RUN}}),
    ),
    Configuration(
        "VS Code (.vscode/mcp.json)", json.dumps({"servers": {"scrum": {"type": "stdio", **_RUN}}})
    ),
    Configuration("Zed (settings.json)", json.dumps({"context_servers": {"scrum": _RUN}})),
)
