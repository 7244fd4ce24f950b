"""`scrum-mcp strategies`: the strategies of a project, with their evidence as bars."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from scrum.strategies.beta import Share
from scrum.strategies.model import MOST_TRIALS, Record, Status
from scrum.strategies.usecases import strategies, tested
from scrum.team.project import Project
from scrum.team.usecases import one_project
from scrum.text import counted
from scrum_server.settings import Settings
from scrum_server.stores import Stores
from scrum_storage.store import MEMORY

_WIDTH = 20
_WIDTHS = (14, _WIDTH, _WIDTH, 16)
_HEADINGS = tuple(map(Text, ("", "successes", "closer to outcome", "better than none")))
_STYLES = {Status.ACTIVE: "green", Status.CANDIDATE: "yellow", Status.RETIRED: "dim"}


def show_strategies(settings: Settings, project: str) -> None:
    """Raises UnknownProject or Unavailable."""
    owner, records = asyncio.run(_read(settings, project.strip().upper()))
    console = Console(highlight=False, markup=False)
    console.print(overview(owner, records))
    for record in records:
        for line in provenance(record):
            console.print(line)


async def _read(settings: Settings, project: str) -> tuple[Project, Sequence[Record]]:
    async with aclosing(Stores(settings)) as stores:
        owner = await one_project((await stores.core()).look, project)
        return owner, await strategies((await stores.of(MEMORY)).start, owner.key)


def overview(project: Project, records: Sequence[Record]) -> Group:
    """A line with the rule of each, and one with its figures; both fit into 80 columns."""
    under_test = tested(records) if project.learning else ""
    off = "" if project.learning else "; candidates are only watched, learning is off"
    head = Text(f"{project.key}: {counted(len(records), 'strategy')}{off}")
    lines: list[Text | Table] = [head, _row(*_HEADINGS)]
    for record in records:
        lines += [_rule(record), _row(*_cells(record, under_test == record.strategy.name))]
    return Group(*lines)


def _rule(record: Record) -> Text:
    strategy = record.strategy
    return Text.assemble((f"{strategy.name} v{strategy.version}", "bold"), f": {strategy.rule}")


def _row(*cells: Text) -> Table:
    row = Table.grid(padding=(0, 2, 0, 0))
    for width in _WIDTHS:
        row.add_column(width=width)
    row.add_row(*cells)
    return row


def _cells(record: Record, under_test: bool) -> tuple[Text, ...]:
    status, better = record.strategy.status, record.better_than_none
    return (
        Text(_standing(record, under_test), _STYLES[status]),
        bar(record.confidence),
        bar(record.closer if record.tested else record.watched),
        Text("-" if better is None else f"{better:.0%}"),
    )


def _standing(record: Record, under_test: bool) -> str:
    status = record.strategy.status
    if under_test:
        return f"{status}\ntest {record.tested} of {MOST_TRIALS}"
    return f"{status}\nwatched" if status is Status.CANDIDATE else status.value


def bar(share: Share) -> Text:
    """The mean as a bar, the middle 80 % of what it may be in its tail, and the figures below."""
    if not share.n:
        return Text("no evidence yet", "dim")
    low, high = (round(_WIDTH * bound) for bound in share.interval)
    mean = min(_WIDTH - 1, round(_WIDTH * share.mean))
    drawn = "".join(_mark(place, low, mean, high) for place in range(_WIDTH))
    return Text(f"{drawn}\n{share.mean:.0%}, {round(share.good, 1):g} of {share.n}")


def _mark(place: int, low: int, mean: int, high: int) -> str:
    if place == mean:
        return "┃"
    return "━" if low <= place < high else "·"


def provenance(record: Record) -> list[str]:
    """A line each for the episodes for and against it, the latest few."""
    name, told = record.strategy.name, list[str]()
    for side, episodes in (("for", record.speaking_for), ("against", record.speaking_against)):
        if episodes:
            told.append(f"{name}: {len(episodes)} {side} it, the latest {', '.join(episodes[-3:])}")
    return told
