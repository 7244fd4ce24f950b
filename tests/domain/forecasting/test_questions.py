"""A forecast of real projects: when, how much, and together."""

from datetime import date, timedelta

import pytest

from scrum.backlog.model import UnknownItem
from scrum.errors import Invalid, NotFound
from scrum.forecasting.question import Answer, Question
from scrum.forecasting.usecases import forecast, forecast_together
from scrum.team.model import Absence, MemberChange
from scrum.team.usecases import TeamChange, set_team
from scrum_storage.store import Store
from tests.builders import MONDAY, SHOP, a_project, a_running_sprint, a_team, by, some_items
from tests.situations import past

TODAY = MONDAY.date()
A_MONTH = TODAY + timedelta(27)
STEADY = past(*[20.0, 22.0, 18.0, 21.0, 19.0, 20.0] * 3, members=2, working_days=10)


async def a_shop(core: Store, key: str = SHOP, points: tuple[int | None, ...] = (5, 8, 13, 3, 5, 8)) -> str:
    """A project that completes about 20 points in two weeks."""
    await a_project(core, key)
    async with core.start() as work:
        await work.history.put(key, {float(n): one for n, one in enumerate(STEADY)})
        await work.commit()
    if points:
        await some_items(core, points, key)
    return key


async def asked(core: Store, **question: object) -> Answer:
    return await forecast(core.look, SHOP, Question(**question), MONDAY)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def test_more_confidence_means_later(core: Store) -> None:
    await a_shop(core)

    answer = await asked(core)

    ends = [found.capacity.end for c in (0.2, 0.5, 0.8, 0.95) if (found := answer.done(c))]
    assert answer.scope.points == 42
    assert ends == sorted(ends)
    assert ends[0] >= TODAY + timedelta(27), "42 points take three sprints of 20, two at the least"


async def test_more_confidence_means_fewer_points_by_a_day(core: Store) -> None:
    await a_shop(core)

    answer = await asked(core, by_date=A_MONTH)

    assert answer.points(0.9) < answer.points(0.5) < answer.points(0.1)
    assert 36 < answer.points(0.5) < 44


async def test_until_the_middle_of_a_sprint_there_are_half_of_its_points_and_they_are_less_sure(
    core: Store,
) -> None:
    await a_shop(core)

    whole, half = [await asked(core, by_date=TODAY + timedelta(days)) for days in (13, 6)]

    assert half.points(0.5) == pytest.approx(whole.points(0.5) / 2, rel=0.1)
    assert 1.2 < relative_spread(half) / relative_spread(whole) < 1.5


def relative_spread(answer: Answer) -> float:
    return (answer.points(0.1) - answer.points(0.9)) / answer.points(0.5)


async def test_an_absence_in_a_coming_sprint_lowers_what_is_done_by_then(core: Store) -> None:
    await a_shop(core)
    await a_team(core, "Ana", "Bo")
    before = await asked(core, by_date=A_MONTH)

    away = Absence("Ana", TODAY + timedelta(14), A_MONTH)
    await a_team(core, "Ana", "Bo", absences=[away])
    after = await asked(core, by_date=A_MONTH)

    assert after.points(0.5) == pytest.approx(0.75 * before.points(0.5), rel=0.05)


async def test_items_bring_what_they_need(core: Store) -> None:
    await a_shop(core, points=(5, 8))
    await some_items(core, [3], depends_on=(f"{SHOP}-1",))

    scope = (await asked(core, items=(f"{SHOP}-3",))).scope

    assert (scope.points, scope.items, scope.needed) == (8, 2, 1)


async def test_items_without_points_are_guessed_and_counted(core: Store) -> None:
    await a_shop(core, points=(2, 8, 8, None, None))

    scope = (await asked(core)).scope

    assert (scope.points, scope.guessed, scope.usual) == (34, 2, 8)


async def test_what_is_left_of_a_running_sprint_counts(core: Store) -> None:
    await a_running_sprint(core, points=[5, 3])

    answer = await forecast(core.look, SHOP, Question(by_date=A_MONTH), MONDAY + timedelta(7))

    assert answer.coming[0].sprint == f"{SHOP}-S1"
    assert 0 < answer.coming[0].share < 1


async def test_the_same_question_has_the_same_answer(core: Store) -> None:
    await a_shop(core)

    assert await asked(core) == await asked(core)


async def test_a_free_day_completes_nothing(core: Store) -> None:
    await a_shop(core)
    saturday = MONDAY + timedelta(5)

    answer = await forecast(core.look, SHOP, Question(by_date=saturday.date()), saturday)

    assert (answer.points(0.5), answer.chance, answer.coming) == (0.0, 0.0, ())


async def test_projects_that_share_people_have_bounds_and_their_names(core: Store) -> None:
    await a_shop(core)
    await a_shop(core, "WEB")
    for key in (SHOP, "WEB"):
        await set_team(core.start, key, TeamChange(members=(MemberChange("Ana"), MemberChange(key))), by=by())

    together = await forecast_together(core.look, [SHOP, "WEB"], Question(by_date=A_MONTH), MONDAY)

    each = [answer.chance or 0 for answer in together.answers]
    assert together.joint.shared == ("Ana",)
    assert together.joint.high == min(each)
    assert together.joint.low == max(0, sum(each) - 1)


BAD: list[tuple[Question, type[Exception], str]] = [
    (Question(items=("SHOP-1",), points=3), Invalid, "items and points"),
    (Question(points=0), Invalid, "points is 0"),
    (Question(points=100_001), Invalid, "points is 100001"),
    (Question(confidence=1.0), Invalid, "confidence is 1"),
    (Question(by_date=TODAY - timedelta(1)), Invalid, "by_date is 2026-03-01"),
    (Question(by_date=date(2100, 1, 1)), Invalid, "by_date is 2100"),
    (Question(items=("SHOP-99",)), UnknownItem, "SHOP-99"),
]


@pytest.mark.parametrize(("question", "error", "told"), BAD)
async def test_a_bad_question_is_told(
    core: Store, question: Question, error: type[Exception], told: str
) -> None:
    await a_shop(core)

    with pytest.raises(error, match=told):
        await forecast(core.look, SHOP, question, MONDAY)


async def test_nothing_to_complete_is_told(core: Store) -> None:
    await a_project(core)

    with pytest.raises(Invalid, match="no points to complete"):
        await forecast(core.look, SHOP, Question(), MONDAY)


async def test_together_needs_a_day_and_projects_that_exist(core: Store) -> None:
    await a_shop(core)

    with pytest.raises(Invalid, match="Give by_date"):
        await forecast_together(core.look, [SHOP, "WEB"], Question(), MONDAY)
    with pytest.raises(Invalid, match="SHOP itself"):
        await forecast_together(core.look, [SHOP, SHOP], Question(by_date=A_MONTH), MONDAY)
    with pytest.raises(NotFound, match="NONE"):
        await forecast_together(core.look, [SHOP, "NONE"], Question(by_date=A_MONTH), MONDAY)
