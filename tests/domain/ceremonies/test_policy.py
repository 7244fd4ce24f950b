"""A policy: where each value is from, how it may be spelled, and what is refused."""

from typing import Any

import pytest

from scrum.ceremonies.policy.between import PolicyLocked, check_unlocked, restarts
from scrum.ceremonies.policy.changing import changed
from scrum.ceremonies.policy.model import resolve
from scrum.ceremonies.policy.settings import KEYS, Scope, Settings, keys_of
from scrum.ceremonies.policy.spelling import Document, document
from scrum.ceremonies.policy.templates import TEMPLATES
from scrum.ceremonies.terms import FIVE, Strategy
from scrum.sprint.model import State
from scrum.team.project import Cadence
from tests.domain.ceremonies.diary import NOTHING_OF_ITS_OWN, a_policy, rule

# Levels


def test_a_value_is_from_the_strongest_level_that_has_it() -> None:
    policy = a_policy(
        Cadence.DATA_TEAM,
        sprint={"every_n_completions": 4},
        ceremonies={"backlog_refinement": {"sprint_percentage": 70}},
    )

    daily, refinement = rule(policy, "daily_scrum").shown(), rule(policy, "backlog_refinement").shown()

    assert (daily["every_n_completions"].value, daily["every_n_completions"].origin) == (4, "project")
    assert (daily["strategy"].value, daily["strategy"].origin) == ("task_driven", "template data_team")
    assert refinement["sprint_percentage"].value == 70
    assert refinement["sprint_percentage"].origin == "project, backlog_refinement"
    assert refinement["trigger"].origin == "project, backlog_refinement"
    assert (daily["gap_seconds"].value, daily["gap_seconds"].origin) == (10, "default")


def test_what_is_said_of_a_ceremony_counts_more_than_what_is_said_of_the_sprint() -> None:
    policy = a_policy(sprint={"strategy": "calendar"}, ceremonies={"daily_scrum": {"strategy": "hybrid"}})

    assert policy.sprint.strategy is Strategy.CALENDAR
    assert rule(policy, "daily_scrum").strategy is Strategy.HYBRID
    assert rule(policy, "backlog_refinement").strategy is Strategy.CALENDAR


@pytest.mark.parametrize("strategy", Strategy)
def test_the_ends_of_a_sprint_have_their_ceremonies_under_every_strategy(strategy: Strategy) -> None:
    policy = a_policy(sprint={"strategy": strategy})

    ends = [
        rule(policy, name).settings.trigger for name in ("sprint_planning", "sprint_review", "retrospective")
    ]
    assert ends == ["sprint_start", "sprint_end", "sprint_end"]


def test_mappings_are_merged_key_by_key() -> None:
    first = changed(
        Cadence.STARTUP,
        NOTHING_OF_ITS_OWN,
        {
            "sprint": {"strategy": "milestone_driven", "milestones": {"alpha": {"items": ["SHOP-1"]}}},
            "ceremonies": {"retrospective": {"gate": True, "timeout_hours": 24}},
        },
    )

    second = changed(
        Cadence.STARTUP,
        first,
        {
            "sprint": {"milestones": {"beta": {"items": ["shop-2"], "ceremony": "retro"}}},
            "ceremonies": {"retrospective": {"timeout_hours": 12}},
        },
    )

    assert second.sprint["milestones"] == {
        "alpha": {"items": ["SHOP-1"], "ceremony": ""},
        "beta": {"items": ["SHOP-2"], "ceremony": "retrospective"},
    }
    assert second.of("retrospective") == {"gate": True, "timeout_hours": 12}


def test_null_takes_a_value_back_to_what_is_under_it() -> None:
    before = changed(Cadence.STARTUP, NOTHING_OF_ITS_OWN, {"sprint": {"every_n_completions": 7}})

    after = changed(Cadence.STARTUP, before, {"sprint": {"every_n_completions": None}})

    assert after.sprint == {}
    assert rule(resolve(Cadence.STARTUP, after), "daily_scrum").settings.every_n_completions == 5


def test_a_ceremony_of_the_teams_own_can_be_taken_away() -> None:
    before = changed(
        Cadence.STARTUP,
        NOTHING_OF_ITS_OWN,
        {"ceremonies": {"design_critique": {}, "daily_scrum": {"every_n_completions": 9}}},
    )
    assert resolve(Cadence.STARTUP, before).of("design_critique")

    after = changed(Cadence.STARTUP, before, {"ceremonies": {"design_critique": None, "daily_scrum": None}})

    assert after == NOTHING_OF_ITS_OWN
    assert len(resolve(Cadence.STARTUP, after).ceremonies) == len(FIVE)


def test_what_is_kept_reads_back_as_it_was() -> None:
    given = {
        "sprint": {"strategy": "hybrid", "time_of_day": "9:05", "time_scale": 20_160},
        "ceremonies": {"design_review": {"frequency": "RRULE:FREQ=WEEKLY;BYDAY=TU", "participants": ["Ana"]}},
    }

    kept = changed(Cadence.STARTUP, NOTHING_OF_ITS_OWN, given).kept()

    assert document(kept) == Document(kept["sprint"], kept["ceremonies"])
    assert kept["sprint"]["time_of_day"] == "09:05"


def test_a_team_may_have_a_ceremony_of_its_own() -> None:
    policy = a_policy(ceremonies={"design_review": {"trigger": "sprint_midpoint"}})

    assert [one.name for one in policy.ceremonies] == [*FIVE, "design_review"]


# Strategies and their keys


def test_each_strategy_has_the_keys_and_defaults_of_its_own() -> None:
    policy = {strategy: a_policy(sprint={"strategy": strategy}) for strategy in Strategy}
    values = {
        strategy: {name: one.value for name, one in rule(found, "daily_scrum").shown().items()}
        for strategy, found in policy.items()
    }
    common = {"strategy", "enabled", "participants", "gate", "timeout_hours", "gap_seconds"}

    own = {
        strategy: {k: v for k, v in found.items() if k not in common} for strategy, found in values.items()
    }

    tasks = {"trigger": "every_n_completions", "every_n_completions": 5, "sprint_percentage": 50}
    slots = {"frequency": "daily", "time_of_day": "09:00", "timezone": ""}
    assert own == {
        Strategy.TASK_DRIVEN: tasks,
        Strategy.CALENDAR: slots,
        Strategy.HYBRID: {**tasks, **slots, "also_trigger_every_n": 0},
        Strategy.EVENT_DRIVEN: {"on": ["task_completed"], "debounce": 5},
        Strategy.BUDGET_DRIVEN: {"budget_thresholds": [25, 50, 75]},
        Strategy.THROUGHPUT_ADAPTIVE: {"drop": 30, "spike": 50, "window": 10, "stall_after": 24},
        Strategy.EXTERNAL_TRIGGER: {"sources": ["emit_event", "webhook", "git"]},
        Strategy.MILESTONE_DRIVEN: {"milestones": []},
    }


def test_the_sprint_has_the_keys_that_end_it() -> None:
    ends = ("transition_threshold", "transition_event", "transition_milestone", "duration_days")

    taken = {
        strategy: [name for name in ends if name in a_policy(sprint={"strategy": strategy}).sprint.shown()]
        for strategy in Strategy
    }

    assert taken == {
        Strategy.TASK_DRIVEN: ["transition_threshold"],
        Strategy.CALENDAR: ["duration_days"],
        Strategy.HYBRID: ["transition_threshold", "duration_days"],
        Strategy.EVENT_DRIVEN: ["transition_event"],
        Strategy.BUDGET_DRIVEN: ["transition_threshold"],
        Strategy.THROUGHPUT_ADAPTIVE: ["transition_threshold"],
        Strategy.EXTERNAL_TRIGGER: ["transition_event"],
        Strategy.MILESTONE_DRIVEN: ["transition_milestone"],
    }


@pytest.mark.parametrize("strategy", Strategy)
def test_every_strategy_runs_on_virtual_time(strategy: Strategy) -> None:
    policy = a_policy(sprint={"strategy": strategy, "time_scale": 20_160})

    assert policy.sprint.shown()["time_scale"].value == 20_160


def test_every_setting_has_a_key_and_every_key_a_setting() -> None:
    assert set(KEYS) == set(vars(Settings()))
    assert {*keys_of(Scope.SPRINT), *keys_of(Scope.CEREMONY)} == set(KEYS)


def test_what_happens_once_a_sprint_is_not_waited_for_five_times() -> None:
    policy = a_policy(
        ceremonies={
            "retrospective": {"on": "sprint_backlog_empty"},
            "daily_scrum": {"on": ["task_blocked", "sprint_started"]},
        }
    )

    assert rule(policy, "retrospective").settings.debounce == 1
    assert rule(policy, "daily_scrum").settings.debounce == 5


def test_the_number_of_events_in_a_template_belongs_to_its_own_events() -> None:
    usual = rule(a_policy(Cadence.AGENCY), "backlog_refinement").settings
    other = rule(
        a_policy(Cadence.AGENCY, ceremonies={"backlog_refinement": {"on": "sprint_started"}}),
        "backlog_refinement",
    ).settings

    assert (usual.on, usual.debounce) == (("task_blocked",), 3)
    assert (other.on, other.debounce) == (("sprint_started",), 1)


# Templates


def test_there_is_a_template_for_each_cadence_and_it_takes_its_own_keys() -> None:
    assert set(TEMPLATES) == set(Cadence)
    for cadence, template in TEMPLATES.items():
        changed(cadence, NOTHING_OF_ITS_OWN, template.kept())


def test_each_template_has_the_strategy_that_its_teams_need() -> None:
    strategies = {cadence: resolve(cadence, NOTHING_OF_ITS_OWN).sprint.strategy for cadence in Cadence}

    assert strategies == {
        Cadence.SOLO: Strategy.TASK_DRIVEN,
        Cadence.STARTUP: Strategy.TASK_DRIVEN,
        Cadence.DATA_TEAM: Strategy.TASK_DRIVEN,
        Cadence.DEV_SHOP: Strategy.HYBRID,
        Cadence.PRODUCT_TEAM: Strategy.HYBRID,
        Cadence.ENTERPRISE: Strategy.HYBRID,
        Cadence.AGENCY: Strategy.EVENT_DRIVEN,
        Cadence.RESEARCH: Strategy.THROUGHPUT_ADAPTIVE,
        Cadence.CONSULTANCY: Strategy.CALENDAR,
        Cadence.AGENT_SWARM: Strategy.TASK_DRIVEN,
    }
    assert resolve(Cadence.AGENT_SWARM, NOTHING_OF_ITS_OWN).sprint.settings.time_scale == 1_000


# Changing


@pytest.mark.parametrize("state", [State.ACTIVE, State.IN_REVIEW, State.RETROSPECTIVE])
def test_a_policy_is_locked_while_a_sprint_runs(state: State) -> None:
    with pytest.raises(PolicyLocked, match="locked while SHOP-S1 runs"):
        check_unlocked("SHOP-S1", state)


@pytest.mark.parametrize("state", [State.PLANNED, State.COMPLETED, State.CANCELLED])
def test_a_policy_may_change_between_two_sprints(state: State) -> None:
    check_unlocked("SHOP-S1", state)


def test_another_strategy_says_what_starts_over() -> None:
    before = a_policy(Cadence.STARTUP)
    after = a_policy(Cadence.STARTUP, sprint={"strategy": "calendar"})

    assert restarts(before, after) == (
        "The next sprint is calendar instead of task_driven: it goes to review when its days are over.",
        "daily_scrum is calendar instead of task_driven: its count of completions ends, and its grid of slots starts over.",
        "backlog_refinement is calendar instead of task_driven: its count of completions ends, and its grid of slots starts over.",
        "Velocity stays comparable in its unit: what counts as completed does not change.",
    )


def test_another_number_starts_nothing_over() -> None:
    assert restarts(a_policy(), a_policy(sprint={"every_n_completions": 9})) == ()


GOALS = {"strategy": "milestone_driven", "milestones": {"beta": {"items": ["SHOP-1"]}}}


@pytest.mark.parametrize(
    ("sprint", "end"),
    [
        (GOALS, "when somebody takes it there: transition_milestone names none."),
        ({**GOALS, "transition_milestone": "beta"}, "when all items of beta are done."),
        ({**GOALS, "auto_transition": False}, "when somebody takes it there: auto_transition is off."),
        ({"strategy": "event_driven", "transition_event": "deployed"}, "when deployed is seen."),
        ({"strategy": "hybrid", "auto_complete_on_tasks_done": False}, "when its days are over."),
    ],
)
def test_a_change_says_what_then_ends_the_sprint(sprint: dict[str, Any], end: str) -> None:
    sentence = restarts(a_policy(), a_policy(sprint=sprint))[0]

    assert (
        sentence == f"The next sprint is {sprint['strategy']} instead of task_driven: it goes to review {end}"
    )
