"""How people write a policy: every accepted form, and every refused one with its path."""

from typing import Any

import pytest

from scrum.ceremonies.policy.changing import changed
from scrum.ceremonies.terms import Frequency, Strategy, Trigger
from scrum.errors import Invalid
from scrum.team.project import Cadence
from tests.domain.ceremonies.diary import NOTHING_OF_ITS_OWN, a_policy, rule

NAN = float("nan")


def refusal(given: Any) -> str:
    with pytest.raises(Invalid) as raised:
        changed(Cadence.STARTUP, NOTHING_OF_ITS_OWN, given)
    return str(raised.value)


def test_task_driven_sprints_may_be_written_as_a_mode_with_a_list_of_ceremonies() -> None:
    policy = a_policy(
        Cadence.PRODUCT_TEAM,
        sprint={
            "mode": "task_driven",
            "ceremonies": [
                {"name": "sprint_planning", "trigger": "sprint_start"},
                {"name": "standup", "trigger": {"every_n_completions": 7}},
                {"name": "retrospective", "trigger": "sprint_end"},
            ],
        },
    )

    daily = rule(policy, "daily_scrum")
    assert policy.sprint.strategy is Strategy.TASK_DRIVEN
    assert (daily.settings.trigger, daily.settings.every_n_completions) == (Trigger.EVERY_N_COMPLETIONS, 7)


def test_virtual_time_may_be_written_as_a_simulation() -> None:
    assert a_policy(simulation={"time_scale": 100}).sprint.settings.time_scale == 100


def test_a_hybrid_may_be_written_as_a_frequency_that_also_counts() -> None:
    policy = a_policy(
        Cadence.PRODUCT_TEAM,
        sprint={
            "duration_days": 10,
            "auto_complete_on_tasks_done": True,
            "ceremonies": [{"name": "standup", "frequency": "PER_SPRINT_DAY", "also_trigger_every_n": 10}],
        },
    )

    daily = rule(policy, "daily_scrum").settings
    assert (daily.strategy, daily.frequency, daily.also_trigger_every_n) == (
        Strategy.HYBRID,
        Frequency.PER_SPRINT_DAY,
        10,
    )
    assert policy.sprint.settings.duration_days == 10


@pytest.mark.parametrize("key", ["on", "on_event", "True"])
def test_event_driven_ceremonies_may_be_written_without_a_strategy(key: str) -> None:
    policy = a_policy(
        ceremonies=[
            {"name": "retrospective", key: "sprint_backlog_empty"},
            {"name": "standup", key: "task_completed", "debounce": 3},
        ]
    )

    daily = rule(policy, "daily_scrum").settings
    assert (daily.strategy, daily.on, daily.debounce) == (Strategy.EVENT_DRIVEN, ("task_completed",), 3)
    assert rule(policy, "retrospective").strategy is Strategy.EVENT_DRIVEN


def test_the_calendar_may_be_called_time_boxed() -> None:
    assert a_policy(sprint={"mode": "time_boxed"}).sprint.strategy is Strategy.CALENDAR


@pytest.mark.parametrize(
    ("given", "implied"),
    [
        ({"frequency": "weekly"}, Strategy.CALENDAR),
        ({"frequency": "weekly", "also_trigger_every_n": 3}, Strategy.HYBRID),
        ({"on": "task_blocked"}, Strategy.EVENT_DRIVEN),
        ({"budget_thresholds": [10]}, Strategy.BUDGET_DRIVEN),
        ({"stall_after": 8}, Strategy.THROUGHPUT_ADAPTIVE),
        ({"sources": ["git"]}, Strategy.EXTERNAL_TRIGGER),
        ({"milestones": [{"name": "alpha", "items": ["SHOP-1"]}]}, Strategy.MILESTONE_DRIVEN),
        ({"participants": ["Ana"]}, Strategy.TASK_DRIVEN),
    ],
)
def test_the_keys_of_a_ceremony_imply_its_strategy(given: dict[str, Any], implied: Strategy) -> None:
    policy = a_policy(ceremonies={"daily_scrum": given})

    assert rule(policy, "daily_scrum").strategy is implied


WRONG: list[tuple[Any, str]] = [
    ({"sprint": {"every_n_completions": True}}, "sprint.every_n_completions: true is true or false"),
    ({"sprint": {"every_n_completions": 0}}, "sprint.every_n_completions: it is 0"),
    ({"sprint": {"every_n_completions": 2.5}}, "sprint.every_n_completions: it is 2.5"),
    ({"sprint": {"every_n_completions": "5"}}, "sprint.every_n_completions: '5' is a text"),
    ({"sprint": {"every_n_completions": []}}, "sprint.every_n_completions: it is an empty list"),
    ({"sprint": {"transition_threshold": NAN}}, "sprint.transition_threshold: nan is not a number"),
    ({"sprint": {"transition_threshold": float("inf")}}, "sprint.transition_threshold: inf is not a num"),
    ({"sprint": {"transition_threshold": 1.1}}, "sprint.transition_threshold: it is 1.1"),
    ({"sprint": {"auto_start": 1}}, "sprint.auto_start: it is 1; it must be true or false"),
    (
        {"sprint": {"strategy": "task_drven"}},
        "sprint.strategy: 'task_drven' is not one. Did you mean 'task",
    ),
    ({"sprint": {"strategy": 3}}, "sprint.strategy: it is 3"),
    ({"sprint": {"strtegy": "hybrid"}}, "sprint.strtegy: there is no such key. Did you mean 'strategy'?"),
    ({"sprint": {"gate": True}}, "sprint.gate: there is no such key."),
    ({"sprint": []}, "sprint: it is an empty list; it must be a mapping."),
    ({"sprnt": {}}, "sprnt: there is no such key. Did you mean 'sprint'?"),
    ({"sprint": {"timezone": "Europe/Berlni"}}, "sprint.timezone: 'Europe/Berlni' is not an IANA time zone"),
    ({"sprint": {"mode": "hybrid", "strategy": "calendar"}}, "sprint.strategy: it is given twice"),
    (
        {"standup": {"debounce": 3}},
        "standup: there is no such key here; put it into ceremonies, like {'ceremonies': {'standup': ...}}.",
    ),
    ({"time_scale": 3}, "time_scale: there is no such key here; put it into sprint"),
    (
        {"sprint": {"timezone": ""}, "ceremonies": {"daily_scrum": {"on": "!"}}},
        "ceremonies.daily_scrum.on[0]: '!' is not",
    ),
    (
        {"ceremonies": {"daily_scrum": {"participants": [" "]}}},
        "ceremonies.daily_scrum.participants[0]: '' is not",
    ),
    ({"simulation": {"time_scale": 0.5}}, "simulation.time_scale: it is 0.5"),
    ({"simulation": {"speed": 2}}, "simulation.speed: there is no such key"),
    (
        {"simulation": {"time_scale": 5}, "sprint": {"time_scale": 6}},
        "sprint.time_scale: it is given twice",
    ),
    ({"ceremonies": {"dayly_scrum": {}}}, "ceremonies.dayly_scrum: did you mean 'daily_scrum'?"),
    ({"ceremonies": {"1st": {}}}, "ceremonies.1st: '1st' is a text"),
    ({"ceremonies": 3}, "ceremonies: it is 3"),
    ({"ceremonies": [{"trigger": "sprint_end"}]}, "ceremonies[0].name: it is null"),
    (
        {"ceremonies": [{"name": "retro"}, {"name": "retrospective"}]},
        "ceremonies.retrospective: it is giv",
    ),
    (
        {"ceremonies": {"retro": {"debonce": 3}}},
        "ceremonies.retrospective.debonce: there is no such key.",
    ),
    ({"ceremonies": {"retro": {"time_scale": 3}}}, "ceremonies.retrospective.time_scale: there is no"),
    (
        {"ceremonies": {"retro": {"trigger": {"every": 3}}}},
        "ceremonies.retrospective.trigger.every: there is no such key",
    ),
    (
        {"ceremonies": {"retro": {"strategy": "budget_driven", "budget_thresholds": [25, True]}}},
        "ceremonies.retrospective.budget_thresholds[1]: true is true or false",
    ),
    (
        {"ceremonies": {"retro": {"milestones": [{"name": "alpha", "tasks": []}]}}},
        "ceremonies.retrospective.milestones.alpha.tasks: there is no such key",
    ),
    (
        {"ceremonies": {"retro": {"milestones": {"alpha": {"items": []}}}}},
        "ceremonies.retrospective.milestones.alpha.items: it is an empty list; it must be",
    ),
    (
        {"ceremonies": {"retro": {"frequency": "dayly"}}},
        "ceremonies.retrospective.frequency: 'dayly' is not one. Did you mean 'daily'?",
    ),
    (
        {"ceremonies": {"retro": {"frequency": "daily", "time_of_day": "25:00"}}},
        "ceremonies.retrospective.time_of_day: '25:00' is not a time of day like 09:30.",
    ),
    (
        {"ceremonies": {"retro": {"on": "task_blocked", "frequency": "daily"}}},
        "ceremonies.retrospective: no strategy takes on, frequency together",
    ),
]


@pytest.mark.parametrize(("given", "starts"), WRONG)
def test_what_is_wrong_is_refused_with_its_path(given: Any, starts: str) -> None:
    assert refusal(given).startswith(starts)


@pytest.mark.parametrize(
    ("frequency", "why"),
    [
        ("FREQ=HOURLY", "FREQ is one of DAILY, WEEKLY, MONTHLY"),
        ("FREQ=WEEKLY;COUNT=3", "'COUNT' does not go with FREQ=WEEKLY"),
        ("FREQ=DAILY;BYHOUR=9", "'BYHOUR' does not go with FREQ=DAILY"),
        ("FREQ=WEEKLY;INTERVAL=0", "INTERVAL is from 1 to 90"),
        ("FREQ=WEEKLY;BYDAY=XX", "cannot be followed"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "cannot be followed"),
        ("FREQ=MONTHLY;BYDAY=6MO", "it never comes"),
        ("=", "FREQ is one of"),
    ],
)
def test_a_rule_of_recurrence_that_cannot_be_followed_is_refused(frequency: str, why: str) -> None:
    said = refusal({"ceremonies": {"daily_scrum": {"frequency": frequency}}})

    assert said.startswith("ceremonies.daily_scrum.frequency: ")
    assert why in said


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"sprint": {"debounce": 3}}, "sprint.debounce"),
        ({"sprint": {"duration_days": 10}}, "sprint.duration_days"),
        (
            {"ceremonies": {"daily_scrum": {"strategy": "calendar", "debounce": 3}}},
            "ceremonies.daily_scrum.debounce",
        ),
        (
            {"ceremonies": {"daily_scrum": {"trigger": "sprint_midpoint", "every_n_completions": 3}}},
            "ceremonies.daily_scrum.every_n_completions",
        ),
    ],
)
def test_a_key_that_nothing_would_use_is_refused(given: Any, path: str) -> None:
    said = refusal(given)

    assert said.startswith(f"{path}: nothing would use it with strategy ")
    assert "put it where it belongs: " in said


@pytest.mark.parametrize("given", [{"gate": True}, {"timeout_hours": 3}])
def test_only_what_ends_a_sprint_is_a_gate(given: Any) -> None:
    assert refusal({"ceremonies": {"daily_scrum": given}}).endswith(
        ": a sprint can wait for sprint_review and retrospective only. Leave it out, or put it there."
    )


def test_a_key_of_the_sprint_may_be_meant_for_a_ceremony_with_another_strategy() -> None:
    policy = a_policy(sprint={"debounce": 3}, ceremonies={"daily_scrum": {"strategy": "event_driven"}})

    assert rule(policy, "daily_scrum").settings.debounce == 3


def test_a_refusal_changes_nothing() -> None:
    before = changed(Cadence.STARTUP, NOTHING_OF_ITS_OWN, {"sprint": {"every_n_completions": 3}})

    with pytest.raises(Invalid):
        changed(Cadence.STARTUP, before, {"sprint": {"every_n_completions": -1}})

    assert before.sprint == {"every_n_completions": 3}
