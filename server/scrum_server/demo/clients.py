"""What to paste into MCP clients, in each one's own format."""

import json
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Configuration:
    where: str
    text: str


def configurations(program: list[str]) -> list[Configuration]:
    command, *arguments = program
    run = {"command": command, "args": arguments}
    return [
        Configuration("Claude Code, in a terminal", f"claude mcp add scrum -- {shlex.join(program)}"),
        Configuration(
            "Claude Desktop (claude_desktop_config.json), Cursor (.cursor/mcp.json),\n"
            "Windsurf (mcp_config.json) and most others",
            json.dumps({"mcpServers": {"scrum": run}}),
        ),
        Configuration(
            "VS Code (.vscode/mcp.json)", json.dumps({"servers": {"scrum": {"type": "stdio", **run}}})
        ),
        Configuration("Zed (settings.json)", json.dumps({"context_servers": {"scrum": run}})),
    ]


def installed() -> list[str]:
    """The program beside this interpreter, with its full path: clients know nothing of a virtual environment."""
    program = Path(sys.executable).with_name("scrum-mcp")
    return [str(program)] if program.exists() else ["uvx", "scrum-mcp"]
