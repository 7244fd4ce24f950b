"""Keep the history of projects, and tell it."""

from collections.abc import Sequence

from scrum.chronicle.model import Happening, History, Span
from scrum.chronicle.ports import ChronicleWork
from scrum.deliveries import Delivery, Subscription
from scrum.sprint.ports import SprintWork
from scrum.sprint.usecases import found
from scrum.work import Start


async def record(work: ChronicleWork, deliveries: Sequence[Delivery]) -> None:
    """Keep every event; in any order, and again without effect."""
    await work.happenings.add([Happening.of(delivery) for delivery in deliveries])


HISTORY = Subscription(record)


async def history(start: Start[ChronicleWork], span: Span) -> History:
    """What happened, as far as it has arrived; empty for a project that is unknown here."""
    async with start() as work:
        happenings = await work.happenings.of(span)
        missing = await work.happenings.missing(span.project)
    return History(
        order=span.order,
        happenings=tuple(happenings[: span.limit]),
        more=len(happenings) > span.limit,
        missing=missing,
    )


async def subject(start: Start[SprintWork], project: str, sprint: str) -> tuple[str, str]:
    """The keys of a project and of a sprint, which may be named `current` or `next`, or '' for none.

    Raises:
        UnknownProject, UnknownSprint.
    """
    async with start() as work:
        owner = await work.projects.get(project)
        return owner.key, (await found(work, owner.key, sprint)).id if sprint else ""
