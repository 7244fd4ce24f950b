"""Write what can be derived: the tables of tools, commands, events, promises and metrics.

    python docs/generate.py

A test compares the files with what this would write.
"""

import ast
import inspect
import json
import runpy
from collections.abc import Iterable
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
from mcp.server.mcpserver.tools import Tool
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from scrum.catalog import EVENTS
from scrum.events import ENVELOPE, Event
from scrum.memory.events import EpisodeEnded, EpisodeWritten
from scrum_server.cli import main as cli
from scrum_server.events.groups import GROUPS
from scrum_server.meters import Meters
from scrum_server.metrics import CeremoniesStanding, exposition
from scrum_server.settings import STORES
from scrum_tools.events import EventsStanding, GroupEvents, StoreEvents
from scrum_tools.toolsets import Toolset, tools

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- generated: tools -->", "<!-- end -->"
STRATEGIES = "scrum.strategies.events"
MADE_BY = "Written by `docs/generate.py`; a test compares."
TRAVELS = {
    "id": "UUIDv7, which also tells when it was made. An event that comes again has the same one",
    "type": "The name of the event, in the past tense",
    "version": "Of the type's data. A consumer that knows only an older one parks the event until it is updated",
    "project": "The project's key",
    "aggregate": "What it happened to: a project (SHOP), an item (SHOP-12), a sprint (SHOP-S3), its ceremonies or one of them (SHOP-S3-C2)",
    "aggregate_version": "Grows with each change of the aggregate: of two events, the later one has the greater",
    "occurred_at": "When it happened, in ISO 8601 with a time zone",
    "actor": "Who did it: the token's subject, or `local`",
    "reason": "Why, when they said so; else empty",
    "correlation_id": "Shared by all that came of one call",
    "causation_id": "The event whose handling published this one; null for none",
    "data": "The fields of the type, below",
}


def every_tool() -> list[Tool]:
    return tools(frozenset({Toolset.ALL}), read_only=False)


def readme() -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    rows = [f"| `{tool.name}` | {_told(tool)} | {_kind(tool)} |" for tool in every_tool()]
    table = "\n".join(["| tool | does | kind |", "| --- | --- | --- |", *rows])
    count = f"{len(rows)} tools, {_shown() / 1000:.0f} kB of context. [Their arguments](docs/tools.md)."
    return f"{before}{BEGIN}\n{count}\n\n{table}\n{END}{after}"


def _shown() -> int:
    """Bytes of what a model is shown of the tools."""
    shown = [
        {"name": t.name, "description": t.description, "inputSchema": t.parameters} for t in every_tool()
    ]
    return len(json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode())


def tool_pages() -> str:
    parts = [f"# Tools\n\n{MADE_BY} Arguments in bold are required."]
    parts += [f"## {tool.name}\n\n{tool.description}\n\n{_arguments(tool)}" for tool in every_tool()]
    return "\n\n".join(parts) + "\n"


def commands() -> str:
    parts = [f"# Commands\n\n{MADE_BY}"]
    parts += [_help(name, command) for name, command in _commands(cli)]
    return "\n\n".join(parts) + "\n"


def events() -> str:
    about = "Each is stored in the outbox of its store in the commit of the change that it tells of, and travels as a"
    where = "JSON object through a Redis Stream, `scrum.core` or `scrum.memory`. [What is guaranteed](guarantees.md)."
    who = "Groups of consumers hear the types that they name. Every server process follows the stream besides them, to"
    envelope = [f"| `{name}` | {meaning} |" for name, meaning in TRAVELS.items()]
    parts = [
        f"# Events\n\n{MADE_BY} {about} {where}",
        f"{who} tell its clients which resources changed.",
        "\n".join(["| every event has | |", "| --- | --- |", *envelope]),
        *(_event(kind) for kind in EVENTS.values()),
    ]
    return "\n\n".join(parts) + "\n"


def promises() -> str:
    known: dict[str, str] = runpy.run_path(str(ROOT / "tests" / "requirements.py"))["PROMISES"]
    about = "`@requirement(id)` marks the tests that prove a promise; the suite fails when one has none."
    rows = [f"| `{name}` | {text.replace('|', '/')} |" for name, text in known.items()]
    return (
        "\n".join([f"# Promises\n\n{MADE_BY} {about}\n", "| id | promise |", "| --- | --- |", *rows]) + "\n"
    )


def metrics() -> str:
    told = "It names no project and no person."
    where = "`/metrics` of `scrum-mcp serve --http` and of `scrum-mcp worker --port` tells Prometheus:"
    gauges = "Gauges tell of all processes together, as this one sees them when it is asked: do not sum them."
    others = "The others count what this process did since it began: sum them."
    rows = [f"| `{_series(one)}` | {one.type} | {_labels(one)} | {one.documentation} |" for one in _metrics()]
    parts = [
        f"# Metrics\n\n{MADE_BY} {told}\n{where}",
        "\n".join(["| metric | kind | labels | meaning |", "| --- | --- | --- | --- |", *rows]),
        f"{gauges}\n{others} `process_*` tells what it takes.",
    ]
    return "\n\n".join(parts) + "\n"


def _metrics() -> list[Metric]:
    """With a sample of each, since labels are told with samples only."""
    stores = tuple(StoreEvents(name, unsent=0, oldest_unsent_seconds=0, unsettled=0) for name in STORES)
    groups = tuple(GroupEvents(group.name, lag=0, retrying=0, parked=0, dead=0) for group in GROUPS)
    meters = Meters()
    meters.watching(GROUPS)
    told = exposition(EventsStanding(stores, groups), CeremoniesStanding(0, 0, 0), meters)
    families = text_string_to_metric_families(told.decode())
    return [
        one for one in families if one.name.startswith("scrum_mcp_") and not one.name.endswith("_created")
    ]


def _series(metric: Metric) -> str:
    """As it is asked for: a histogram is several."""
    return {"counter": f"{metric.name}_total", "histogram": f"{metric.name}_*"}.get(metric.type, metric.name)


def _labels(metric: Metric) -> str:
    """Each with its values."""
    found: dict[str, dict[str, None]] = {}
    for name, value in (label for sample in metric.samples for label in sample.labels.items()):
        found.setdefault(name, {})[value] = None
    return "; ".join(f"`{name}`: {', '.join(values)}" for name, values in found.items() if name != "le")


def pages() -> dict[Path, str]:
    """Every generated file, and what it should say."""
    return {
        ROOT / "README.md": readme(),
        ROOT / "docs" / "tools.md": tool_pages(),
        ROOT / "docs" / "commands.md": commands(),
        ROOT / "docs" / "events.md": events(),
        ROOT / "docs" / "promises.md": promises(),
        ROOT / "docs" / "metrics.md": metrics(),
    }


def _told(tool: Tool) -> str:
    return tool.description.partition(" Next:")[0].strip()


def _kind(tool: Tool) -> str:
    hints = tool.annotations
    if hints is None or hints.read_only_hint:
        return "read"
    more = ["destructive"] * bool(hints.destructive_hint) + ["idempotent"] * bool(hints.idempotent_hint)
    return ", ".join(["write", *more])


def _arguments(tool: Tool) -> str:
    required = tool.parameters.get("required", [])
    properties = tool.parameters["properties"].items()
    return "\n".join(f"- {_name(name, required)}: {_type(schema)}" for name, schema in properties)


def _name(name: str, required: list[str]) -> str:
    return f"**`{name}`**" if name in required else f"`{name}`"


def _type(schema: dict[str, Any]) -> str:
    about = f". {schema['description']}" if "description" in schema else ""
    return f"{_shape(schema)}{about}"


def _shape(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " \\| ".join(schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_shape(schema['items'])}"
    if "properties" in schema:
        return "{" + ", ".join(_fields(schema)) + "}"
    return str(schema.get("format", schema["type"]))


def _fields(schema: dict[str, Any]) -> Iterable[str]:
    """Names, and with those that have fields themselves these."""
    required = schema.get("required", [])
    for name, field in schema["properties"].items():
        nested = "properties" in field or "properties" in field.get("items", {})
        yield f"{_name(name, required)}: {_shape(field)}" if nested else _name(name, required)


def _commands(group: click.Group, before: str = "") -> Iterable[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")


def _help(name: str, command: click.Command) -> str:
    with click.Context(command, info_name=f"scrum-mcp {name}", terminal_width=90) as context:
        return f"## {name}\n\n```text\n{command.get_help(context)}\n```"


def _event(kind: type[Event]) -> str:
    about = f"\n\n{inspect.getdoc(kind)}" if "__doc__" in vars(kind) and not _bare(kind) else ""
    heard = ", ".join(f"`{name}`" for name in _listening(kind))
    where = f"in the outbox of {_store(kind)}, heard by {heard or 'no group'}"
    return f"## {kind.__name__}\n\nVersion {kind.version}, {where}.{about}\n\n{_data(kind)}"


def _listening(kind: type[Event]) -> list[str]:
    """The groups that hear an event, by name."""
    return [
        group.name
        for group in GROUPS
        if _store(kind) in (source.name for source in group.sources)
        and any(not one.types or kind in one.types for one in group.subscriptions)
    ]


def _store(kind: type[Event]) -> str:
    told_by_memory = kind.__module__ == STRATEGIES or kind in (EpisodeWritten, EpisodeEnded)
    return "memory" if told_by_memory else "core"


def _data(kind: type[Event]) -> str:
    meanings = _meanings(kind)
    own = {field.name: _annotation(field.type) for field in fields(kind) if field.name not in ENVELOPE}
    if unexplained := own.keys() - meanings.keys():
        raise Unexplained(kind, unexplained)
    rows = [
        f"| `{name}` | {shape.replace('|', 'or')} | {meanings[name].rstrip('.')} |"
        for name, shape in own.items()
    ]
    if not rows:
        return "No data of its own."
    return "\n".join(["| field | type | meaning |", "| --- | --- | --- |", *rows])


class Unexplained(LookupError):
    def __init__(self, kind: type[Event], names: Iterable[str]) -> None:
        super().__init__(
            f"Write a docstring below {', '.join(sorted(names))} of {kind.__name__}: what is it?"
        )


def _meanings(kind: type[Event]) -> dict[str, str]:
    """The docstrings below the fields of a class."""
    (definition,) = ast.parse(inspect.getsource(kind)).body
    found: dict[str, str] = {}
    for field, below in pairwise(ast.iter_child_nodes(definition)):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = inspect.cleandoc(text)
            case _:
                pass
    return found


def _bare(kind: type[Event]) -> bool:
    """Dataclasses without a docstring get their signature as one."""
    return (kind.__doc__ or "").startswith(f"{kind.__name__}(")


def _annotation(kind: Any) -> str:
    return getattr(kind, "__name__", str(kind)) if not hasattr(kind, "__args__") else str(kind)


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
