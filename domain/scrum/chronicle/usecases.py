"""Keep the history of projects, and tell it; tell a report that was kept."""

from collections.abc import Collection, Sequence
from uuid import UUID

from scrum.chronicle.model import Happening, History, Span, Subject
from scrum.chronicle.ports import ChronicleWork, SourceWork
from scrum.chronicle.reports import Report, UnknownReport
from scrum.deliveries import Delivery, Subscription
from scrum.sprint.usecases import found
from scrum.work import Start


async def record(work: ChronicleWork, deliveries: Sequence[Delivery]) -> None:
    """Keep every event; in any order, and again without effect."""
    await work.happenings.add([Happening.of(delivery) for delivery in deliveries])


HISTORY = Subscription(record)


async def subject(start: Start[SourceWork], project: str, sprint: str) -> Subject:
    """What a history is asked of. The sprint may be named `current` or `next`; '' asks for the whole project.

    Raises:
        UnknownProject, UnknownSprint.
    """
    async with start() as work:
        owner = await work.projects.get(project)
        name = (await found(work, owner.key, sprint)).id if sprint else ""
        return Subject(owner.key, name, frozenset(await work.unsettled.of(owner.key)))


async def history(start: Start[ChronicleWork], span: Span, published: Collection[UUID]) -> History:
    """What is known of `span`; `published` are events, seen before this call, that may still be on their way."""
    async with start() as work:
        # In this order: what arrives in between is told and still counted, never left out and called complete
        pending = await work.happenings.pending(span.project, published)
        happenings = await work.happenings.of(span)
    more = len(happenings) > span.limit
    return History(span.order, tuple(happenings[: span.limit]), more=more, pending=pending)


async def kept_report(start: Start[ChronicleWork], project: str, name: str) -> Report:
    """By its id.

    Raises:
        UnknownReport: there is none, or it is another project's.
    """
    async with start() as work:
        found = await work.reports.get(name.strip().upper())
    if found is None or found.project != project:
        raise UnknownReport(name, project)
    return found
