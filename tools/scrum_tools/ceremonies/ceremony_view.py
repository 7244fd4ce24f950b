"""Ceremonies as list_ceremonies answers them: what became due, what comes next, and what waits for an answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from scrum.ceremonies.answers import Outlook
from scrum.ceremonies.occurrence import Occurrence, Status
from scrum.ceremonies.policy.model import Policy
from scrum.ceremonies.policy.settings import EVERYBODY
from scrum.ceremonies.triggers.evaluation import Upcoming
from scrum.sprint.model import State
from scrum.text import named, told
from scrum_tools.budget import fitting
from scrum_tools.ceremonies.unanswered import Waiting
from scrum_tools.tool import View

_UNANSWERED = 20
_FIRED = 10
_LISTED, _COMING = 5_000, 12_000
"""Bytes of each list."""


class OccurrenceView(BaseModel):
    """`told` says why it was skipped, or what went wrong in the last attempt."""

    occurrence: str
    ceremony: str
    status: Status
    due_at: datetime
    because: str
    covers: int
    participants: list[str]
    told: str

    @classmethod
    def of(cls, one: Occurrence, zone: ZoneInfo) -> Self:
        return cls(
            occurrence=one.id,
            ceremony=one.ceremony,
            status=one.status,
            due_at=one.due_at.astimezone(zone),
            because=one.because,
            covers=len(one.covers),
            participants=list(one.participants),
            told=one.told,
        )

    def line(self) -> str:
        why = f" ({told(self.told, 200)})" if self.told else ""
        some = [named(one) for one in self.participants if one != EVERYBODY]
        whom = f" for {', '.join(some)}" if some else ""
        state = "" if self.status is Status.DUE else f", {self.status}"
        return (
            f"{self.occurrence} {self.ceremony}{whom}{state}{why}, due {shown(self.due_at)}: {self.because}"
        )


class ComingView(BaseModel):
    """`at` is when it fires if nothing else happens; null where that needs a fact, which `reason` names."""

    ceremony: str
    strategy: str
    at: datetime | None
    reason: str

    @classmethod
    def of(cls, coming: Upcoming, policy: Policy, zone: ZoneInfo) -> Self:
        rule = policy.of(coming.ceremony) or policy.sprint
        return cls(
            ceremony=coming.ceremony,
            strategy=rule.strategy,
            at=coming.at.astimezone(zone) if coming.at else None,
            reason=coming.reason,
        )

    def line(self) -> str:
        when = shown(self.at) if self.at else "no time"
        return f"{self.ceremony} ({self.strategy}), {when}: {self.reason}"


class CeremoniesView(View):
    """`sprint` is the open one, else the next, which `planned` says; lists of what became due have the latest first.

    `fired` and its count are without those that the other lists have; `due` are of earlier sprints.
    """

    project: str
    template: str
    strategy: str
    sprint: str
    planned: bool
    state: State
    waits_for: str
    coming: list[ComingView]
    coming_count: int
    unanswered: list[OccurrenceView]
    unanswered_count: int
    failed: list[OccurrenceView]
    due: list[OccurrenceView]
    fired: list[OccurrenceView]
    fired_count: int
    next: str

    @classmethod
    def of(cls, outlook: Outlook, waits: Waiting, due: Sequence[Occurrence], step: str) -> Self:
        """`due` are those of earlier sprints, `step` is what to do now."""
        zone = ZoneInfo(outlook.project.calendar.timezone)
        above = {one.id for one in (*waits.unanswered, *waits.failed)}
        fired = [one for one in outlook.occurrences if one.id not in above]
        coming = [ComingView.of(one, outlook.policy, zone) for one in outlook.upcoming]
        return cls(
            project=outlook.project.key,
            template=outlook.template,
            strategy=outlook.policy.sprint.strategy,
            sprint=outlook.schedule.sprint,
            planned=outlook.planned,
            state=outlook.state,
            waits_for=outlook.waits_for,
            coming=fitting(coming, budget=_COMING),
            coming_count=len(coming),
            unanswered=views(waits.unanswered[:_UNANSWERED], zone),
            unanswered_count=len(waits.unanswered),
            failed=views(waits.failed[:_UNANSWERED], zone),
            due=views(due[:_UNANSWERED], zone),
            fired=views(fired[:_FIRED], zone),
            fired_count=len(fired),
            next=step,
        )

    def text(self) -> str:
        state = f"is {self.state.words}" if self.planned else "is not planned yet"
        parts = [
            f"{self.sprint} {state}; template {self.template}, strategy {self.strategy}. {self.waits_for}",
            *listed("Failed", self.failed, len(self.failed)),
            *listed("Waiting for an answer", self.unanswered, self.unanswered_count),
            *listed("Due in earlier sprints, not prepared yet", self.due, len(self.due)),
            "Coming:",
            *(one.line() for one in self.coming),
            *([f"and {rest} more"] if (rest := self.coming_count - len(self.coming)) else []),
            *listed(self._fired_heading(), self.fired, self.fired_count),
            self.next,
        ]
        return "\n".join(parts)

    def _fired_heading(self) -> str:
        beside = " besides" if self.unanswered or self.failed else ""
        return f"Became due in this sprint{beside}, the latest first"


def views(occurrences: Sequence[Occurrence], zone: ZoneInfo) -> list[OccurrenceView]:
    return fitting([OccurrenceView.of(one, zone) for one in occurrences], budget=_LISTED)


def listed(heading: str, some: Sequence[OccurrenceView], count: int) -> list[str]:
    if not some:
        return []
    rest = count - len(some)
    more = [f"and {rest} more"] if rest > 0 else []
    return [f"{heading} ({count}):", *(one.line() for one in some), *more]


def shown(at: datetime) -> str:
    """With seconds, but for full minutes: on a fast clock a day passes within one."""
    seconds = ":%S" if at.second or at.microsecond else ""
    return f"{at:%Y-%m-%d %H:%M{seconds} %Z}"
