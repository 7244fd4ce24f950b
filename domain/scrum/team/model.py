"""Who is on the team, and when they are away."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from scrum.errors import Invalid, NotFound
from scrum.team.calendar import check_period
from scrum.team.project import OutOfRange
from scrum.text import choices, cleaned, line, nearest, quoted, required

MOST_MEMBERS = 200
MOST_ABSENCES = 2_000


class UnknownMember(NotFound):
    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"Nobody on the team is called {quoted(name)}.{nearest(name, known)} Members: {choices(known)}. "
            "Call set_team to add people."
        )


class TooMany(Invalid):
    def __init__(self, what: str, count: int, limit: int) -> None:
        super().__init__(f"{count} {what} are too many; the limit is {limit}.")


class TwiceNamed(Invalid):
    def __init__(self, name: str) -> None:
        super().__init__(f"{quoted(name)} is named twice. Name each member once, with all of their skills.")


@dataclass(frozen=True)
class Member:
    name: str
    hours_per_day: float = 8.0
    role: str = ""
    skills: frozenset[str] = frozenset()

    def checked(self) -> Self:
        """Raises Invalid: no name, hours that no day has, or a text that is too long."""
        if not 0 < self.hours_per_day <= 24:  # noqa: PLR2004 - the hours of a day
            raise OutOfRange(f"hours_per_day of {quoted(self.name)}", self.hours_per_day, 0.1, 24)
        return replace(
            self,
            name=required("name of a member", self.name, limit=80),
            role=line("role", self.role, limit=80),
            skills=skill_set(self.skills),
        )


@dataclass(frozen=True)
class MemberChange:
    """A member to add or to change; what is None stays as it is."""

    name: str
    hours_per_day: float | None = None
    role: str | None = None
    skills: frozenset[str] | None = None

    def applied_to(self, member: Member) -> Member:
        return Member(
            name=member.name,
            hours_per_day=member.hours_per_day if self.hours_per_day is None else self.hours_per_day,
            role=member.role if self.role is None else self.role,
            skills=member.skills if self.skills is None else self.skills,
        )


@dataclass(frozen=True, order=True)
class Absence:
    """Away from `start` to `end`, both included; `half_day` takes half of each day."""

    member: str
    start: date
    end: date
    half_day: bool = False
    reason: str = ""

    def share_of(self, day: date) -> float:
        if not self.start <= day <= self.end:
            return 0.0
        return 0.5 if self.half_day else 1.0


@dataclass(frozen=True)
class AbsenceDraft:
    """An absence as it is told: without a start it begins on its end or today, without an end it is one day."""

    member: str
    start: date | None = None
    end: date | None = None
    half_day: bool = False
    reason: str = ""

    def dated(self, today: date) -> Absence:
        start = self.start or self.end or today
        return Absence(self.member, start, self.end or start, self.half_day, self.reason)


@dataclass(frozen=True)
class Team:
    project: str
    members: tuple[Member, ...] = ()
    absences: tuple[Absence, ...] = ()
    version: int = 0

    @property
    def id(self) -> str:
        return f"{self.project}-TEAM"

    @property
    def project_key(self) -> str:
        return self.project

    @property
    def names(self) -> list[str]:
        return [member.name for member in self.members]

    @property
    def skills(self) -> frozenset[str]:
        return frozenset[str]().union(*(member.skills for member in self.members))

    def with_members(self, changes: Iterable[MemberChange]) -> Self:
        """Members added, or changed where the name is known (whatever its case).

        Raises:
            Invalid: a member is named twice, a value is out of range, or there are too many.
        """
        merged = {member.name.casefold(): member for member in self.members}
        seen: set[str] = set()
        for change in changes:
            name = required("name of a member", change.name, limit=80)
            key = name.casefold()
            if key in seen:
                raise TwiceNamed(name)
            seen.add(key)
            merged[key] = change.applied_to(merged.get(key) or Member(name)).checked()
        if len(merged) > MOST_MEMBERS:
            raise TooMany("members", len(merged), MOST_MEMBERS)
        return replace(self, members=tuple(merged.values()))

    def with_absences(self, absences: tuple[Absence, ...]) -> Self:
        """The given absences added; one that is known already stays as it is.

        Raises:
            UnknownMember: an absence of nobody on the team.
            BadPeriod: it ends before it starts, or lasts over a year.
        """
        merged = {*self.absences, *(self._checked(absence) for absence in absences)}
        if len(merged) > MOST_ABSENCES:
            raise TooMany("absences", len(merged), MOST_ABSENCES)
        return replace(self, absences=tuple(sorted(merged)))

    def without(self, names: list[str]) -> Self:
        """Members leave, and their absences with them.

        Raises:
            UnknownMember: nobody is called so.
        """
        leaving = {self.member(name).name for name in names}
        return replace(
            self,
            members=tuple(m for m in self.members if m.name not in leaving),
            absences=tuple(a for a in self.absences if a.member not in leaving),
        )

    def member(self, name: str) -> Member:
        """Raises UnknownMember."""
        wanted = " ".join(cleaned(name).split()).casefold()
        for member in self.members:
            if member.name.casefold() == wanted:
                return member
        raise UnknownMember(name, self.names)

    def away(self, name: str, day: date) -> float:
        """The share of the day that a member is away, 0.0 to 1.0."""
        return min(1.0, sum(absence.share_of(day) for absence in self.absences if absence.member == name))

    def _checked(self, absence: Absence) -> Absence:
        check_period(f"The absence of {quoted(absence.member)}", absence.start, absence.end)
        return replace(
            absence,
            member=self.member(absence.member).name,
            reason=line("reason", absence.reason, limit=200),
        )


def skill_set(skills: frozenset[str]) -> frozenset[str]:
    """Skills compare in lower case.

    Raises:
        Invalid: one is too long, or there are too many.
    """
    if len(skills) > 30:  # noqa: PLR2004 - more is a mistake
        raise TooMany("skills", len(skills), 30)
    return frozenset(filter(None, (line("skill", skill, limit=40).lower() for skill in skills)))
