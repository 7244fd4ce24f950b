"""Capacity: what a team can give to a period, in hours and as availability."""

from dataclasses import dataclass
from datetime import date

from scrum.team.calendar import WorkingCalendar
from scrum.team.model import Member, Team


@dataclass(frozen=True)
class PersonCapacity:
    """Hours are net of absences and of the focus factor."""

    name: str
    hours: float
    days_away: float
    skills: frozenset[str]


@dataclass(frozen=True)
class Capacity:
    """`gross_hours` is without absences, `away_hours` what they take; both before the focus factor."""

    start: date
    end: date
    working_days: int
    gross_hours: float
    away_hours: float
    focus_factor: float
    people: tuple[PersonCapacity, ...]

    @property
    def net_hours(self) -> float:
        """Before the focus factor."""
        return self.gross_hours - self.away_hours

    @property
    def hours(self) -> float:
        return self.net_hours * self.focus_factor

    @property
    def availability(self) -> float:
        """Hours over hours without absences; 1.0 when no team is recorded."""
        return 1.0 - self.away_hours / self.gross_hours if self.gross_hours else 1.0

    @property
    def days_away(self) -> float:
        return sum(person.days_away for person in self.people)

    @property
    def person_days(self) -> float:
        return sum(self.working_days - person.days_away for person in self.people)


def capacity(team: Team, calendar: WorkingCalendar, start: date, end: date, *, focus: float) -> Capacity:
    """Hours = members x hours per day x working days, minus absences, times the focus factor."""
    days = calendar.working_days(start, end)
    away = {member.name: sum(team.away(member.name, day) for day in days) for member in team.members}
    return Capacity(
        start=start,
        end=end,
        working_days=len(days),
        gross_hours=sum(member.hours_per_day * len(days) for member in team.members),
        away_hours=sum(member.hours_per_day * away[member.name] for member in team.members),
        focus_factor=focus,
        people=tuple(_person(member, len(days), away[member.name], focus) for member in team.members),
    )


def _person(member: Member, days: int, away: float, focus: float) -> PersonCapacity:
    hours = member.hours_per_day * (days - away) * focus
    return PersonCapacity(member.name, hours, away, member.skills)
