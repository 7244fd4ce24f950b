"""The policy of a project: set field by field, refused with its path, and kept by a sprint from its start on."""

from typing import Any

import pytest

from scrum.ceremonies.errors import BadSetting, NotUsed, UnknownChoice, UnknownSetting
from scrum.ceremonies.policy.between import PolicyLocked
from scrum.ceremonies.policy.spelling import Document
from scrum.ceremonies.terms import Strategy
from scrum.ceremonies.usecases import list_ceremonies, set_ceremonies
from scrum.errors import Invalid
from scrum.sprint.model import CarryOver
from scrum.sprint.usecases import close_sprint, start_sprint
from scrum.team.project import Cadence
from scrum.team.usecases import setup_project
from scrum_storage.store import Store
from tests.builders import SHOP, a_planned_sprint, a_project, by
from tests.requirements import requirement
from tests.storage.meetings import ALONE, S1, a_sprint_with, complete, daily, due, evaluate, moment, schedule


async def kept(core: Store) -> Document:
    async with core.look() as work:
        return await work.settings.of(SHOP)


async def cadence(core: Store) -> Cadence:
    async with core.look() as work:
        return (await work.projects.get(SHOP)).cadence


@requirement("ceremonies.origin")
async def test_what_is_set_comes_over_the_template_and_each_value_says_where_it_is_from(core: Store) -> None:
    await a_project(core)
    await set_ceremonies(core.start, SHOP, {"sprint": {"every_n_completions": 4}}, by=by())

    answer = await set_ceremonies(
        core.start, SHOP, {"ceremonies": {"standup": {"time_of_day": "10:15"}}}, Cadence.DEV_SHOP, by=by()
    )

    shown = answer.after.ceremonies[1].shown()
    assert (shown["time_of_day"].value, shown["time_of_day"].origin) == ("10:15", "project, daily_scrum")
    assert (shown["also_trigger_every_n"].value, shown["also_trigger_every_n"].origin) == (
        10,
        "template dev_shop, daily_scrum",
    )
    assert answer.after.sprint.shown()["every_n_completions"].origin == "project"
    assert await cadence(core) is Cadence.DEV_SHOP
    assert (await kept(core)).ceremonies == {"daily_scrum": {"time_of_day": "10:15"}}


@requirement("ceremonies.dry-run")
async def test_a_dry_run_says_what_would_change_and_stores_nothing(core: Store) -> None:
    await a_project(core)

    answer = await set_ceremonies(
        core.start, SHOP, {"sprint": {"strategy": "calendar"}}, Cadence.STARTUP, by=by(), dry_run=True
    )

    assert (answer.before.sprint.strategy, answer.after.sprint.strategy) == (
        Strategy.HYBRID,
        Strategy.CALENDAR,
    )
    assert answer.restarts[0].startswith("The next sprint is calendar instead of hybrid")
    assert (await kept(core), await cadence(core)) == (Document(), Cadence.PRODUCT_TEAM)


async def test_nothing_given_shows_what_holds(core: Store) -> None:
    await a_project(core)

    answer = await set_ceremonies(core.start, SHOP, by=by())

    assert (answer.changed, answer.restarts, answer.locked) == (False, (), "")
    assert answer.before == answer.after


@requirement("ceremonies.origin")
@pytest.mark.parametrize(
    ("policy", "error", "path"),
    [
        ({"sprint": {"strategi": "calendar"}}, UnknownSetting, "sprint.strategi: "),
        ({"sprint": {"transition_threshold": True}}, BadSetting, "sprint.transition_threshold: true "),
        ({"sprint": {"transition_threshold": float("nan")}}, BadSetting, "sprint.transition_threshold: nan"),
        ({"ceremonies": {"daily_scrum": {"debounce": 0}}}, BadSetting, "ceremonies.daily_scrum.debounce: "),
        ({"ceremonies": {"daily_scrum": {"strategy": "lunar"}}}, UnknownChoice, "ceremonies.daily_scrum."),
        ({"sprint": {"budget": 0}}, BadSetting, "sprint.budget: it is 0"),
        ({"sprint": {"budget": 500}}, NotUsed, "sprint.budget: nothing would use it"),
        ({"sprint": []}, BadSetting, "sprint: "),
    ],
)
async def test_a_bad_policy_is_refused_with_its_path_and_nothing_is_stored(
    core: Store, policy: dict[str, Any], error: type[Invalid], path: str
) -> None:
    await a_project(core)
    both = {**policy, "ceremonies": {"retrospective": {"gate": True}, **policy.get("ceremonies", {})}}

    with pytest.raises(error) as caught:
        await set_ceremonies(core.start, SHOP, both, Cadence.STARTUP, by=by())

    assert str(caught.value).startswith(path)
    assert (await kept(core), await cadence(core)) == (Document(), Cadence.PRODUCT_TEAM)


async def test_a_budget_is_taken_where_any_ceremony_looks_at_it(core: Store) -> None:
    await a_project(core)
    policy = {"sprint": {"budget": 500}, "ceremonies": {"daily_scrum": {"budget_thresholds": [10]}}}

    answer = await set_ceremonies(core.start, SHOP, policy, by=by())

    assert answer.after.sprint.settings.budget == 500
    assert answer.after.sprint.shown()["budget"].origin == "project"


@requirement("ceremonies.locked")
async def test_a_running_sprint_locks_the_policy_and_closing_it_unlocks_it(core: Store) -> None:
    await a_sprint_with(core, {})

    with pytest.raises(PolicyLocked, match=f"while {S1} runs"):
        await set_ceremonies(core.start, SHOP, {"sprint": {"auto_start": True}}, by=by())
    shown = await set_ceremonies(core.start, SHOP, {"sprint": {"auto_start": True}}, by=by(), dry_run=True)
    assert (shown.locked, shown.changed, await kept(core)) == (S1, True, Document())

    await close_sprint(core.start, SHOP, S1, CarryOver.BACKLOG, by=by(days=1))
    await set_ceremonies(core.start, SHOP, {"sprint": {"auto_start": True}}, by=by(days=1))
    assert (await kept(core)).sprint == {"auto_start": True}


@requirement("ceremonies.locked")
async def test_a_sprint_keeps_the_policy_that_it_started_with_though_it_is_evaluated_late(
    core: Store,
) -> None:
    await a_planned_sprint(core, [1] * 4)
    await set_ceremonies(core.start, SHOP, daily(every_n_completions=2), Cadence.STARTUP, by=by())
    await start_sprint(core.start, SHOP, "next", by=by())
    await complete(core, 1, 2, 3)

    await setup_project(core.start, SHOP, {"cadence": Cadence.CONSULTANCY}, by=by(days=2))
    await close_sprint(core.start, SHOP, S1, CarryOver.BACKLOG, by=by(days=2))
    await set_ceremonies(core.start, SHOP, {"ceremonies": {"daily_scrum": None}}, by=by(days=2))

    await evaluate(core)
    assert await due(core) == ["daily_scrum completions:2"]
    assert (await schedule(core)).chosen is not None


@requirement("ceremonies.override")
async def test_a_ceremony_of_its_own_strategy_is_due_by_that_and_not_by_the_sprints(core: Store) -> None:
    policy = {
        "sprint": {"auto_transition": False, "every_n_completions": 4},
        "ceremonies": {
            **ALONE,
            "daily_scrum": {},
            "backlog_refinement": {"enabled": True, "every_n_completions": 3},
            "design_review": {"on": "task_blocked", "debounce": 1},
        },
    }
    await a_sprint_with(core, policy)

    await complete(core, 1, 2, 3)
    await evaluate(core)
    assert await due(core) == ["backlog_refinement completions:3"]

    await complete(core, 4, days=2)
    await evaluate(core)
    assert await due(core, "daily_scrum") == ["completions:4"]
    assert await due(core, "design_review") == []


async def test_sprints_are_planned_for_as_many_days_as_they_last_by_policy(core: Store) -> None:
    await a_project(core)

    await set_ceremonies(core.start, SHOP, {"sprint": {"duration_days": 7}}, by=by())

    async with core.look() as work:
        assert (await work.projects.get(SHOP)).sprint_days == 7


async def test_without_a_sprint_the_outlook_is_of_the_one_that_comes_next(core: Store) -> None:
    await a_project(core)

    outlook = await list_ceremonies(core.look, SHOP, now=moment(0))

    assert (outlook.schedule.sprint, outlook.planned, outlook.occurrences) == (S1, False, [])
    assert outlook.upcoming[0].reason == "The sprint is not planned yet."
