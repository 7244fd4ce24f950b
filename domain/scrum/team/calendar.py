"""The working calendar: which days a team works, in which time zone."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo, available_timezones

from scrum.clock import REAL_TIME, ProjectClock, local_day
from scrum.errors import Invalid
from scrum.text import choices, nearest, quoted

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {name: index for names in (WEEKDAYS, _FULL) for index, name in enumerate(names)}
LONGEST = 366


class UnknownTimeZone(Invalid):
    def __init__(self, given: str) -> None:
        super().__init__(
            f"There is no time zone {quoted(given)}.{nearest(given, available_timezones())} Use an IANA name like "
            "Europe/Berlin, America/New_York or UTC."
        )


class UnknownCountry(Invalid):
    def __init__(self, given: str) -> None:
        super().__init__(
            f"No holidays are known for {quoted(given)}. Use an ISO 3166 country code like DE or US, with a "
            "subdivision like DE-BY where holidays differ, or '' for none."
        )


class BadWorkdays(Invalid):
    def __init__(self, given: list[str]) -> None:
        super().__init__(
            f"workdays {choices(quoted(day) for day in given)} must name at least one of {', '.join(WEEKDAYS)}."
        )


class TooManyDaysOff(Invalid):
    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} days_off are too many; the limit is {LONGEST}. Leave out those that are over, and holidays: "
            "country brings them."
        )


class BadPeriod(Invalid):
    def __init__(self, field: str, start: date, end: date) -> None:
        super().__init__(
            f"{field} ends {end}, before it starts {start}. Give an end on or after the start."
            if end < start
            else f"{field} runs from {start} to {end}, longer than {LONGEST} days. Shorten it."
        )


@dataclass(frozen=True)
class WorkingCalendar:
    """`country` is '' for no holidays; `workdays` are indexes into WEEKDAYS; `days_off` are extra ones."""

    SETTINGS: ClassVar = ("timezone", "country", "workdays", "days_off")

    timezone: str = "UTC"
    country: str = ""
    workdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    days_off: tuple[date, ...] = ()

    def with_settings(self, **settings: Any) -> Self:
        """Raises UnknownTimeZone, UnknownCountry, BadWorkdays or TooManyDaysOff."""
        if "timezone" in settings:
            _check_timezone(settings["timezone"])
        if "country" in settings:
            settings["country"] = settings["country"].strip().upper()
            holidays_of(settings["country"], 2025)
        if "workdays" in settings:
            settings["workdays"] = _weekdays(settings["workdays"])
        if "days_off" in settings:
            settings["days_off"] = _days_off(settings["days_off"])
        return replace(self, **settings)

    def is_working(self, day: date) -> bool:
        return (
            day.weekday() in self.workdays
            and day not in self.days_off
            and day not in holidays_of(self.country, day.year)
        )

    def working_days(self, start: date, end: date) -> tuple[date, ...]:
        """Both ends included."""
        return _working_days(self, start, end)

    def working_day_from(self, day: date) -> date:
        """The day itself, or the first working day after it (within a year)."""
        return next((later for later in days(day, day + timedelta(LONGEST)) if self.is_working(later)), day)

    def day_of(self, moment: datetime) -> date:
        return local_day(moment, self.timezone)

    def midnight(self, day: date) -> datetime:
        """The moment when the day begins."""
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.timezone)).astimezone(UTC)

    def by(self, clock: ProjectClock) -> "WorkingCalendar":
        """The same one, with the days that this clock shows."""
        if clock.scale == 1:
            return self
        return _ByClock(self.timezone, self.country, self.workdays, self.days_off, clock)


@dataclass(frozen=True)
class _ByClock(WorkingCalendar):
    clock: ProjectClock = REAL_TIME

    def day_of(self, moment: datetime) -> date:
        return super().day_of(self.clock.shows(moment))

    def midnight(self, day: date) -> datetime:
        return self.clock.real(super().midnight(day))


@lru_cache(maxsize=256)
def _working_days(calendar: WorkingCalendar, start: date, end: date) -> tuple[date, ...]:
    return tuple(day for day in days(start, end) if calendar.is_working(day))


EVERY_WEEKDAY = WorkingCalendar()


def days(start: date, end: date) -> tuple[date, ...]:
    return tuple(start + timedelta(n) for n in range((end - start).days + 1))


def check_period(field: str, start: date, end: date) -> None:
    """Raises BadPeriod: it ends before it starts, or is over a year long."""
    if end < start or (end - start).days >= LONGEST:
        raise BadPeriod(field, start, end)


@cache
def holidays_of(country: str, year: int) -> frozenset[date]:
    """Public holidays of a country, or of a subdivision written like DE-BY.

    Raises:
        UnknownCountry: the `holidays` library does not know it.
    """
    if not country:
        return frozenset()
    import holidays  # noqa: PLC0415 - only those who set a country pay for it

    code, _, subdivision = country.partition("-")
    if code not in holidays.list_supported_countries():
        raise UnknownCountry(country)
    try:
        return frozenset(holidays.country_holidays(code, subdiv=subdivision or None, years=year))
    except NotImplementedError as error:
        raise UnknownCountry(country) from error


def _check_timezone(given: str) -> None:
    if given not in available_timezones():
        raise UnknownTimeZone(given)


def _weekdays(given: list[str]) -> tuple[int, ...]:
    names = {name.strip().lower() for name in given}
    if not names or not names <= _DAYS.keys():
        raise BadWorkdays(given)
    return tuple(sorted({_DAYS[name] for name in names}))


def _days_off(given: list[date]) -> tuple[date, ...]:
    different = set(given)
    if len(different) > LONGEST:
        raise TooManyDaysOff(len(different))
    return tuple(sorted(different))
