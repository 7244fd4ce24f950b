"""Which ceremonies wait: for an answer of people, or for somebody to try them again."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from scrum.ceremonies.occurrence import Occurrence, Status
from scrum.ceremonies.ports import CeremonyWork
from scrum.ceremonies.terms import GATES, PLANNING
from scrum.chronicle.reports import Report
from scrum.planning.model import Plan, UnknownPlan
from scrum.text import counted
from scrum.work import Start

_SPRINTS = 2
"""The last ones: what an older one did not answer, nobody will."""
_NAMED = 3
_AT_MOST = timedelta(minutes=1)
"""What is due is prepared within seconds, where something works."""


async def recent(start: Start[CeremonyWork], project: str) -> list[Occurrence]:
    """Of the last sprints, and of the one that is not planned yet; each with the latest first."""
    async with start() as work:
        owner = await work.projects.get(project)
        planned = (await work.sprints.ids(owner.key))[:_SPRINTS]
        names = [owner.next_sprint_id, *planned]
        return [one for name in names for one in await work.occurrences.of(name)]


async def waiting(start: Start[CeremonyWork], projects: Collection[str]) -> Mapping[str, list[Occurrence]]:
    """Of those that `recent` has, the last of each ceremony, where it is not settled, by project, in one query."""
    async with start() as work:
        every = await work.occurrences.waiting(projects)
    return {key: [one for one in every if one.project_key == key] for key in projects}


async def held_on(start: Start[CeremonyWork], known: Iterable[Occurrence]) -> Plan | None:
    """The plan of the last sprint planning of these, the latest first; None where there is none."""
    last = next((one for one in known if one.ceremony == PLANNING), None)
    if last is None:
        return None
    async with start() as work:
        return await work.plannings.plan(last.id)


async def uncommitted(start: Start[CeremonyWork], report: Report, now: datetime) -> str:
    """The plan of a planning, where it can be committed now; empty for none."""
    if not report.plan:
        return ""
    async with start() as work:
        try:
            plan = await work.plans.get(report.plan)
        except UnknownPlan:
            return ""
        current = await work.sprints.open(plan.project)
    return plan.id if current is None and _is_open(plan, now) else ""


@dataclass(frozen=True)
class Waiting:
    """`unanswered` wait for people, `late` are due for long; of each ceremony the last one, the latest first.

    `plan` is what a planning of them is held on, and can be committed; empty for none.
    """

    unanswered: tuple[Occurrence, ...] = ()
    failed: tuple[Occurrence, ...] = ()
    late: tuple[Occurrence, ...] = ()
    plan: str = ""

    @classmethod
    def of(cls, known: Iterable[Occurrence], current: str, now: datetime, plan: Plan | None) -> Self:
        """`known` have the latest first; `current` is the open sprint, else the next one; `plan` is that of `held_on`."""
        last: dict[str, Occurrence] = {}
        for one in known:
            last.setdefault(one.ceremony, one)
        having = {status: [one for one in last.values() if one.status is status] for status in Status}
        unanswered = tuple(one for one in having[Status.DELIVERED] if _matters(one, current, plan))
        planning = any(one.ceremony == PLANNING for one in unanswered)
        return cls(
            unanswered,
            tuple(having[Status.FAILED]),
            tuple(one for one in having[Status.DUE] if now - one.due_at > _AT_MOST),
            plan.id if plan and planning and _is_open(plan, now) else "",
        )

    def sentences(self, offers: Callable[..., bool]) -> str:
        """With what to call, where it is offered; '' where nothing waits."""
        names = [_named(self.unanswered), _named(self.failed)]
        told = [
            f"Waiting for an answer: {names[0]}{_answered_by(offers)}." if self.unanswered else "",
            f"FAILED: {names[1]}{': trigger_ceremony tries again' if offers('trigger_ceremony') else ''}."
            if self.failed
            else "",
            self._late(offers),
        ]
        return " ".join(one for one in told if one)

    def _late(self, offers: Callable[..., bool]) -> str:
        if not self.late:
            return ""
        which = "; list_ceremonies names them" if offers("list_ceremonies") else ""
        return (
            f"Due for over a minute and not prepared: {counted(len(self.late), 'ceremony')}. Look whether the "
            f"parts are ok, and whether a worker runs or scrum-mcp tick is called{which}."
        )


def _matters(one: Occurrence, current: str, plan: Plan | None) -> bool:
    """Of a sprint that is over, only looking back at it, and on to the next one, is wanted until that is over."""
    sprints_ago = _number(current) - _number(one.sprint)
    return sprints_ago <= 0 or (sprints_ago == 1 and (one.ceremony in GATES or _looks_on(one, plan)))


def _is_open(plan: Plan, now: datetime) -> bool:
    return bool(plan.selected) and not plan.sprint and now < plan.expires_at


def _looks_on(one: Occurrence, plan: Plan | None) -> bool:
    """A planning that is not about its own sprint."""
    return one.ceremony == PLANNING and (plan is None or plan.sprint != one.sprint)


def _number(sprint: str) -> int:
    return int(sprint.rpartition("-S")[2])


def _answered_by(offers: Callable[..., bool]) -> str:
    if offers("get_report", "record_ceremony"):
        return ": get_report, then record_ceremony"
    return ": get_report" if offers("get_report") else ""


def _named(occurrences: Sequence[Occurrence]) -> str:
    named = [f"{one.id} {one.ceremony}" for one in occurrences[:_NAMED]]
    rest = len(occurrences) - _NAMED
    return ", ".join([*named, *([f"{rest} more"] if rest > 0 else [])])
