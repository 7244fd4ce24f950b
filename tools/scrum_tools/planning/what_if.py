"""What is only supposed, for plan_sprint."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import BaseModel, Field

from scrum.backlog.model import Change, Draft, Priority, Status
from scrum.errors import Invalid
from scrum.planning.what_if import Compared, Supposed
from scrum.team.usecases import TeamChange
from scrum.text import counted
from scrum_tools.arguments import AbsenceEntry, Entry, Key, MemberEntry, Points
from scrum_tools.project import absence_draft, member_change


class NoTitle(Invalid):
    def __init__(self, position: int) -> None:
        super().__init__(f"what_if.items[{position}] has neither item nor title. Give one of them.")


class ScopeEntry(Entry):
    item: Annotated[Key, Field(description="To change it; without, it is a new one")] = ""
    title: str = ""
    points: Points | None = None
    priority: Priority | None = None
    skills: list[str] | None = None


class WhatIfEntry(Entry):
    """As set_team, add_items and update_items take them."""

    members: tuple[MemberEntry, ...] = ()
    remove: tuple[str, ...] = ()
    absences: tuple[AbsenceEntry, ...] = ()
    items: tuple[ScopeEntry, ...] = ()
    drop: Annotated[tuple[Key, ...], Field(description="Items, as if cancelled")] = ()

    @property
    def supposed(self) -> Supposed:
        """Raises NoTitle."""
        team = TeamChange(
            members=tuple(map(member_change, self.members)),
            absences=tuple(map(absence_draft, self.absences)),
            remove=tuple(self.remove),
        )
        changed = [_change(entry) for entry in self.items if entry.item]
        dropped = [Change(item, status=Status.CANCELLED) for item in self.drop]
        return Supposed(team, _added(self.items), (*changed, *dropped))


def _added(entries: Sequence[ScopeEntry]) -> tuple[Draft, ...]:
    for position, entry in enumerate(entries):
        if not entry.item and not entry.title.strip():
            raise NoTitle(position)
    return tuple(
        Draft(
            title=entry.title,
            points=entry.points,
            priority=entry.priority or Priority.MEDIUM,
            skills=frozenset(entry.skills or ()),
        )
        for entry in entries
        if not entry.item
    )


def _change(entry: ScopeEntry) -> Change:
    return Change(
        entry.item,
        title=entry.title or None,
        points=entry.points,
        priority=entry.priority,
        skills=None if entry.skills is None else frozenset(entry.skills),
    )


class ActualView(BaseModel):
    """The plan as things are; `why_not` says why there is none."""

    commitment: int | None = None
    points: int | None = None
    p10: float | None = None
    p50: float | None = None
    p90: float | None = None
    confidence: float | None = None
    availability: float | None = None
    why_not: str = ""

    @classmethod
    def of(cls, compared: Compared) -> Self:
        plan = compared.actual
        if plan is None:
            return cls(why_not=compared.why_not)
        return cls(
            commitment=plan.commitment,
            points=plan.points,
            p10=plan.expected.p10,
            p50=plan.expected.p50,
            p90=plan.expected.p90,
            confidence=plan.confidence,
            availability=round(plan.capacity.availability, 4),
        )

    def line(self) -> str:
        if self.why_not:
            return f"As things are, there is no such plan: {self.why_not}"
        return (
            f"As things are: availability {self.availability:.2f}, commitment {self.commitment}, {counted(self.points or 0, 'point')} "
            f"selected, {self.confidence:.0%} to complete at least 90% of them; {self.p50:.0f} points as likely as not, "
            f"80% between {self.p10:.0f} and {self.p90:.0f}."
        )
