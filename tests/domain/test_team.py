"""Projects, teams, calendars and capacity."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from scrum.backlog.model import Draft
from scrum.backlog.usecases import add_items
from scrum.errors import Invalid, NotFound
from scrum.events import By
from scrum.team.calendar import EVERY_WEEKDAY, WorkingCalendar
from scrum.team.capacity import capacity
from scrum.team.model import Absence, AbsenceDraft, Member, MemberChange, Team
from scrum.team.usecases import TeamChange, set_team, setup_project
from scrum_storage.store import Store
from tests.builders import SHOP, a_project, a_team, by
from tests.requirements import requirement

MONDAY, FRIDAY, LAST = date(2026, 3, 2), date(2026, 3, 6), date(2026, 3, 13)
FIVE = tuple(Member(name) for name in ("Ana", "Bo", "Cy", "Di", "Ed"))


async def test_setting_up_a_project_twice_changes_nothing(core: Store) -> None:
    first = await setup_project(core.start, "shop", {"name": "Shop"}, by=by())
    again = await setup_project(core.start, "SHOP", {"name": "Shop"}, by=by())

    assert (first.created, again.created) == (True, False)
    assert again.project == first.project


async def test_settings_that_are_not_given_stay(core: Store) -> None:
    await a_project(core, sprint_days=7)
    changed = await setup_project(core.start, SHOP, {"name": None, "focus_factor": 0.8}, by=by())

    assert (changed.project.name, changed.project.sprint_days, changed.project.focus_factor) == (
        "The shop",
        7,
        0.8,
    )


async def test_a_setting_changed_after_items_were_added_keeps_their_numbers(core: Store) -> None:
    await a_project(core)
    await add_items(core.start, SHOP, [Draft("One")], by=by())

    changed = await setup_project(core.start, SHOP, {"sprint_days": 7}, by=by())

    assert changed.project.next_item == 2


@pytest.mark.parametrize(
    ("settings", "hint"),
    [
        ({"timezone": "Europe/Berln"}, "Did you mean 'Europe/Berlin'"),
        ({"country": "ZZ"}, "ISO 3166"),
        ({"workdays": ["someday"]}, "mon, tue"),
        ({"workdays": ["monsoon"]}, "mon, tue"),
        *(({"country": word}, "ISO 3166") for word in ("MAR", "MON", "JAN", "PUBLIC", "BANK", "DE-XX")),
        ({"sprint_days": 0}, "from 1 to 90"),
        ({"focus_factor": 1.5}, "from 0.1 to 1"),
    ],
)
async def test_a_bad_setting_says_what_is_expected(core: Store, settings: dict[str, Any], hint: str) -> None:
    with pytest.raises(Invalid, match=hint):
        await setup_project(core.start, SHOP, settings, by=by())


async def test_setting_the_same_team_twice_changes_nothing(core: Store) -> None:
    await a_project(core)
    first = await a_team(core, "Ana", "Bo")
    again = await a_team(core, "ana", "bo")

    assert (first.joined, again.joined) == (("Ana", "Bo"), ())
    assert again.team.version == first.team.version


async def test_who_leaves_takes_absences_along(core: Store) -> None:
    await a_project(core)
    await a_team(core, "Ana", "Bo", absences=[Absence("Bo", MONDAY, FRIDAY)])

    answer = await set_team(core.start, SHOP, TeamChange(remove=("bo",)), by=by())

    assert (answer.left, answer.team.absences) == (("Bo",), ())


async def test_an_absence_of_a_stranger_names_the_members(core: Store) -> None:
    await a_project(core)
    change = TeamChange(members=(MemberChange("Ana"),), absences=(AbsenceDraft("Anna", MONDAY, FRIDAY),))

    with pytest.raises(NotFound, match="Did you mean 'Ana'"):
        await set_team(core.start, SHOP, change, by=by())


async def test_a_new_team_is_told_the_capacity_of_its_next_sprint(core: Store) -> None:
    await a_project(core)
    answer = await a_team(core, "Ana", "Bo", absences=[Absence("Ana", MONDAY, MONDAY, half_day=True)])

    assert answer.capacity.start == MONDAY
    assert (answer.capacity.gross_hours, answer.capacity.hours) == (160, 156)


@requirement("team.capacity")
def test_five_people_of_80_hours_with_one_away_have_400_less_80() -> None:
    away = capacity(Team(SHOP, FIVE, (Absence("Bo", MONDAY, LAST),)), EVERY_WEEKDAY, MONDAY, LAST, focus=1.0)

    assert (away.gross_hours, away.away_hours, away.hours) == (400, 80, 320)
    assert (away.availability, away.days_away, away.person_days) == (0.8, 10, 40)


def test_the_focus_factor_takes_hours_and_leaves_availability() -> None:
    focused = capacity(Team(SHOP, FIVE), EVERY_WEEKDAY, MONDAY, LAST, focus=0.7)

    assert focused.hours == pytest.approx(280)
    assert focused.availability == 1.0


def test_half_days_take_half_and_overlapping_absences_never_more_than_the_day() -> None:
    absences = (Absence("Ana", MONDAY, FRIDAY, half_day=True), Absence("Ana", MONDAY, MONDAY))
    week = capacity(Team(SHOP, FIVE[:1], absences), EVERY_WEEKDAY, MONDAY, FRIDAY, focus=1.0)

    assert (week.days_away, week.hours) == (3.0, 16)


def test_an_absence_on_a_holiday_or_weekend_takes_nothing() -> None:
    german = WorkingCalendar(country="DE")
    whitsun = Absence("Ana", date(2026, 5, 23), date(2026, 5, 25))
    week = capacity(Team(SHOP, FIVE[:1], (whitsun,)), german, date(2026, 5, 23), date(2026, 5, 31), focus=1.0)

    assert (week.working_days, week.away_hours) == (4, 0)


def test_holidays_of_a_subdivision_days_off_and_workdays_all_count() -> None:
    corpus_christi = date(2026, 6, 4)
    bavarian = WorkingCalendar(country="DE-BY", workdays=(0, 1, 2, 3), days_off=(date(2026, 6, 2),))

    assert WorkingCalendar(country="DE").is_working(corpus_christi)
    assert bavarian.working_days(date(2026, 6, 1), date(2026, 6, 7)) == (date(2026, 6, 1), date(2026, 6, 3))


def test_no_team_is_full_availability_and_no_hours() -> None:
    nobody = capacity(Team(SHOP), EVERY_WEEKDAY, MONDAY, LAST, focus=1.0)

    assert (nobody.hours, nobody.availability) == (0, 1.0)


def test_the_day_is_the_teams_not_the_servers() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)

    assert WorkingCalendar(timezone="Europe/Berlin").day_of(late) == MONDAY


async def test_an_absence_without_a_start_begins_today_in_the_time_zone_of_the_team(core: Store) -> None:
    await a_project(core, timezone="Pacific/Auckland")
    monday_morning = By("ana", datetime(2026, 3, 1, 20, 0, tzinfo=UTC))
    change = TeamChange(members=(MemberChange("Ana"),), absences=(AbsenceDraft("Ana"),))

    answer = await set_team(core.start, SHOP, change, by=monday_morning)

    assert answer.team.absences == (Absence("Ana", MONDAY, MONDAY),)


def test_workdays_are_told_by_short_or_full_names() -> None:
    assert EVERY_WEEKDAY.with_settings(workdays=["Friday", "mon"]).workdays == (0, 4)
