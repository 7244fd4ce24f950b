"""Read what ceremonies left behind: reports, minutes, and what was agreed to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from scrum.chronicle.ports import ChronicleWork
from scrum.chronicle.reports import ActionItem, Minutes, Report, UnknownReport
from scrum.work import Start

MOST = 100
"""Of anything, in one answer."""


@dataclass(frozen=True)
class About:
    """What is asked for: of this project; '' for any sprint, by its id, and any ceremony."""

    project: str
    sprint: str = ""
    ceremony: str = ""


@dataclass(frozen=True)
class Actions:
    """The oldest first; there are `more`."""

    items: tuple[ActionItem, ...]
    more: bool


async def reports(start: Start[ChronicleWork], about: About, limit: int = 20) -> Sequence[Report]:
    """The newest first, at most MOST."""
    async with start() as work:
        return await work.reports.latest(
            about.project, sprint=about.sprint, ceremony=about.ceremony, limit=min(limit, MOST)
        )


async def report(start: Start[ChronicleWork], project: str, name: str) -> Report:
    """By its id.

    Raises:
        UnknownReport: there is none, or it is another project's.
    """
    async with start() as work:
        found = await work.reports.get(name.strip().upper())
    if found is None or found.project != project:
        raise UnknownReport(name, project)
    return found


async def minutes(start: Start[ChronicleWork], about: About, limit: int = 20) -> Sequence[Minutes]:
    """Of ceremonies that were held, the newest first, at most MOST."""
    async with start() as work:
        return await work.minutes.of(
            about.project, sprint=about.sprint, ceremony=about.ceremony, limit=min(limit, MOST)
        )


async def actions(start: Start[ChronicleWork], project: str, sprint: str = "") -> Actions:
    """Also what is done or dropped; those that were agreed in a sprint, or '' for all."""
    async with start() as work:
        found = await work.minutes.actions(project, sprint=sprint, only_open=False, limit=MOST + 1)
    return Actions(tuple(found[:MOST]), len(found) > MOST)


async def open_actions(start: Start[ChronicleWork], project: str, sprint: str = "") -> Actions:
    """Those that were agreed in a sprint, or '' for all."""
    async with start() as work:
        found = await work.minutes.actions(project, sprint=sprint, limit=MOST + 1)
    return Actions(tuple(found[:MOST]), len(found) > MOST)
