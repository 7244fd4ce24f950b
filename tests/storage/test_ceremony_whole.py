"""Policies of which a part could never matter, and what an answer says of the others."""

from typing import Any

import pytest

from scrum.ceremonies.errors import NeverDue, NoBudget, UnknownChoice, UnknownItems
from scrum.ceremonies.outside import SpentLess
from scrum.ceremonies.policy.spelling import Document
from scrum.ceremonies.usecases import emit_event, list_ceremonies, set_ceremonies
from scrum.errors import Invalid
from scrum.sprint.usecases import start_sprint
from scrum.team.project import Cadence
from scrum.team.usecases import setup_project
from scrum_storage.store import Store
from tests.builders import SHOP, a_planned_sprint, a_project, by, some_items
from tests.requirements import requirement
from tests.storage.meetings import S1, a_sprint_with, moment, names

GOALS = {"strategy": "milestone_driven", "milestones": {"beta": {"items": ["shop-1"], "ceremony": "retro"}}}
RETRO = {"retrospective": {"strategy": "milestone_driven"}}


@requirement("ceremonies.whole")
@pytest.mark.parametrize(
    ("policy", "error", "said"),
    [
        (
            {"sprint": {"strategy": "budget_driven"}},
            NoBudget,
            "sprint.budget: sprint is budget_driven, and there is none. Give the total",
        ),
        (
            {"ceremonies": {"daily_scrum": {"budget_thresholds": [10]}}},
            NoBudget,
            "sprint.budget: ceremonies.daily_scrum is budget_driven, and there is none.",
        ),
        ({"sprint": GOALS}, NeverDue, "sprint.milestones.beta.ceremony: retrospective is not held by"),
        (
            {"ceremonies": {"retro": {"milestones": {"beta": {"items": ["SHOP-1"], "ceremony": "daily"}}}}},
            NeverDue,
            "ceremonies.retrospective.milestones.beta.ceremony: daily_scrum is not held by this milestone",
        ),
        (
            {"sprint": {**GOALS, "transition_milestone": "bta"}, "ceremonies": RETRO},
            UnknownChoice,
            "sprint.transition_milestone: 'bta' is not one. Did you mean 'beta'?",
        ),
        (
            {
                "sprint": {**GOALS, "milestones": {"beta": {"items": ["SHOP-1", "SHOP-9"]}}},
                "ceremonies": RETRO,
            },
            UnknownItems,
            "sprint.milestones.beta.items: SHOP has no item SHOP-9. Call list_items",
        ),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
async def test_what_could_never_matter_is_refused_with_its_path(
    core: Store, policy: dict[str, Any], error: type[Invalid], said: str, *, dry_run: bool
) -> None:
    await a_project(core)
    await some_items(core, [1])

    with pytest.raises(error) as caught:
        await set_ceremonies(core.start, SHOP, policy, by=by(), dry_run=dry_run)

    assert str(caught.value).startswith(said)
    async with core.look() as work:
        assert await work.settings.of(SHOP) == Document()


@pytest.mark.parametrize(
    "policy",
    [
        {"sprint": {"strategy": "budget_driven", "budget": 5}},
        {"sprint": GOALS, "ceremonies": RETRO},
        {"sprint": {**GOALS, "transition_milestone": "beta"}},
        {"ceremonies": {"daily_scrum": {"strategy": "budget_driven", "enabled": False}}},
    ],
)
async def test_what_can_matter_is_taken(core: Store, policy: dict[str, Any]) -> None:
    await a_project(core)
    await some_items(core, [1])

    assert (await set_ceremonies(core.start, SHOP, policy, by=by())).changed


@pytest.mark.parametrize(
    ("policy", "remarks"),
    [
        (
            {"ceremonies": {"daily_scrum": {"on": ["task_complete", "task_blocked"]}}},
            (
                "ceremonies.daily_scrum.on: task_complete comes by emit_event only. Did you mean 'task_completed'?",
            ),
        ),
        (
            {"sprint": {"strategy": "event_driven", "transition_event": "deployed"}},
            ("sprint.transition_event: deployed comes by emit_event only.",),
        ),
        (
            {
                "sprint": {"strategy": "budget_driven", "budget": 5, "budget_thresholds": [120, 50]},
                "ceremonies": {"backlog_refinement": {"enabled": False}},
            },
            (
                "ceremonies.daily_scrum.budget_thresholds: the sprint goes to review at 100 %, before 120 % is spent.",
            ),
        ),
        (
            {"sprint": GOALS, "ceremonies": RETRO},
            (
                "sprint.transition_milestone: none ends the sprint, which waits for somebody. Milestones: beta.",
                *(
                    f"ceremonies.{name}.milestones: none is its own, so that it is never due. Give it one, or another strategy."
                    for name in ("daily_scrum", "backlog_refinement")
                ),
            ),
        ),
    ],
)
async def test_what_is_worth_a_look_is_told(
    core: Store, policy: dict[str, Any], remarks: tuple[str, ...]
) -> None:
    await a_project(core)
    await some_items(core, [1])

    assert (await set_ceremonies(core.start, SHOP, policy, by=by(), dry_run=True)).remarks == remarks


async def test_a_total_that_falls_is_refused_and_not_recorded(core: Store) -> None:
    await a_sprint_with(core, {"sprint": {"strategy": "budget_driven", "budget": 1_000}})
    for total in (600, 600):
        await emit_event(core.start, SHOP, "budget_spent", payload={"spent": total}, by=by(days=1))
    before = await names(core)

    with pytest.raises(SpentLess, match=r"payload\.spent: it is 300, and 600 was spent already"):
        await emit_event(core.start, SHOP, "budget_spent", payload={"spent": 300}, by=by(days=1))

    assert await names(core) == before


async def test_a_sprint_lasts_as_long_as_the_project_says(core: Store) -> None:
    await a_project(core)
    await setup_project(core.start, SHOP, {"sprint_days": 10}, by=by())

    asked = await set_ceremonies(core.start, SHOP, by=by())
    longer = await set_ceremonies(core.start, SHOP, {"sprint": {"duration_days": 20}}, by=by())
    back = await set_ceremonies(core.start, SHOP, {"sprint": {"duration_days": None}}, by=by())

    shown = asked.after.sprint.shown()["duration_days"]
    assert (shown.value, shown.origin) == (10, "project")
    assert [one.project.sprint_days for one in (asked, longer, back)] == [10, 20, 14]
    assert back.after.sprint.settings.duration_days == 14


async def test_a_sprint_that_is_planned_keeps_its_days_and_the_answer_says_so(core: Store) -> None:
    await a_planned_sprint(core)

    answer = await set_ceremonies(core.start, SHOP, {"sprint": {"duration_days": 3}}, by=by())

    assert answer.remarks == ("sprint.duration_days: SHOP-S1 keeps its 14 days, as it was planned.",)


async def test_a_running_sprint_shows_what_it_began_with(core: Store) -> None:
    await a_planned_sprint(core)
    await set_ceremonies(core.start, SHOP, {"sprint": {"every_n_completions": 7}}, Cadence.STARTUP, by=by())
    await start_sprint(core.start, SHOP, "next", by=by())
    await setup_project(core.start, SHOP, {"cadence": Cadence.ENTERPRISE}, by=by())

    answer = await set_ceremonies(core.start, SHOP, by=by())

    assert (answer.project.cadence, answer.locked, answer.changed) == (Cadence.STARTUP, S1, False)
    assert answer.after.sprint.settings.every_n_completions == 7
    assert answer.remarks == ("SHOP-S1 keeps what it began with; the next sprint has template enterprise.",)
    assert (await list_ceremonies(core.look, SHOP, now=moment(0))).template is Cadence.STARTUP
