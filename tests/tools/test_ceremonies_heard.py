"""emit_event answers with what came of that event, and with what was meant where nothing did."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import MONDAY
from tests.requirements import requirement
from tests.tools.agent import Agent, told
from tests.tools.ceremonial import HOUR, a_sprint, finish, tick
from tests.tools.conftest import a_project

SECOND = timedelta(seconds=1)
DEPLOYED: dict[str, Any] = {"on": "deployed", "debounce": 1}
PUSHED: dict[str, Any] = {"strategy": "external_trigger", "sources": ["git:push"]}


@requirement("ceremonies.heard")
@pytest.mark.parametrize(
    ("daily", "event", "sentence"),
    [
        (DEPLOYED, {"name": "deployd"}, "Did you mean 'deployed'?"),
        (PUSHED, {"name": "push"}, "git:push is waited for: call emit_event again with source='git'."),
        (PUSHED, {"name": "pushed", "source": "git"}, "Did you mean 'push'?"),
        (PUSHED, {"name": "wave_done"}, "Waited for: git:push. To have one listen, "),
    ],
)
async def test_an_event_that_nothing_waits_for_is_told_what_is_like_it(
    ana: Agent, daily: dict[str, Any], event: dict[str, str], sentence: str
) -> None:
    key = await a_sprint(ana, {"ceremonies": {"daily_scrum": daily}})

    text = told(await ana.answer("emit_event", project=key, **event))

    assert f"Nothing listens for {event['name']}: " in text
    assert sentence in text


async def test_an_event_that_comes_before_its_sprint_is_in_progress_is_to_be_told_again(ana: Agent) -> None:
    key = await a_project(ana, (1,), cadence="startup")
    ends = {"sprint": {"strategy": "event_driven", "transition_event": "released"}}
    await ana.call("set_ceremonies", project=key, policy=ends)
    plan = await ana.call("plan_sprint", project=key)
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True)

    early = await ana.call("emit_event", project=key, name="released", id="r-1")
    await ana.call("start_sprint", sprint="next", project=key)
    again = await ana.call("emit_event", project=key, name="released", id="r-1")

    assert early["unheard"].endswith(f"and {key}-S1 is planned: tell it again then.")
    assert again["listeners"] == ["sprint"]


async def test_an_event_that_its_sender_tells_twice_is_answered_as_heard_before(ana: Agent) -> None:
    key = await a_sprint(ana, {"ceremonies": {"daily_scrum": DEPLOYED}})
    await ana.call("emit_event", project=key, name="deployed", id="run-7")

    answer = await ana.answer("emit_event", project=key, name="deployed", id="run-7")

    assert told(answer).startswith(
        f"{key}-S1 heard of deployed with this id before, and does not count it again."
    )


async def test_an_event_is_answered_under_the_name_that_is_kept(ana: Agent) -> None:
    key = await a_sprint(ana, {"ceremonies": {"daily_scrum": DEPLOYED}})

    answer = await ana.answer("emit_event", project=key, name="Deployed ")

    assert told(answer).startswith(f"{key}-S1 heard of deployed.\nIt counts for: daily_scrum.")


@requirement("ceremonies.answer", "ceremonies.heard")
async def test_what_its_gap_holds_back_says_when_it_is_due_and_is_not_due_by_what_comes_later(
    ana: Agent,
) -> None:
    policy = {
        "sprint": {"auto_transition": False, "strategy": "budget_driven", "budget": 200},
        "ceremonies": {"daily_scrum": {"budget_thresholds": [50, 90]}},
    }
    key = await a_sprint(ana, policy)
    first = await _spend(ana, key, 100)

    held = await _spend(ana.at(MONDAY + SECOND), key, 181)
    later = await _spend(ana.at(MONDAY + HOUR), key, 190)

    assert "daily_scrum" in _names(first["became_due"])
    assert (held["became_due"], "due_before" in held) == ([], False)
    assert held["held_back"][:1] == [
        "daily_scrum is due in at most 9 seconds, for all that comes until then: its gap_seconds is 10."
    ]
    assert later["became_due"] == []
    assert later["due_before"][0]["because"].startswith("90.5 % of the budget is spent")


async def test_what_time_made_due_is_due_by_the_time_that_passed(ana: Agent) -> None:
    key = await a_sprint(ana, {"ceremonies": {"daily_scrum": {"every_n_completions": 1}}})
    await finish(ana, key, 1)

    assert "daily_scrum" in await tick(ana, key, MONDAY + HOUR)


@requirement("ceremonies.heard")
@pytest.mark.parametrize("at", [MONDAY, MONDAY + HOUR])
async def test_what_is_due_and_does_not_listen_for_an_event_is_told_apart(ana: Agent, at: datetime) -> None:
    key = await a_sprint(ana, {"ceremonies": {"daily_scrum": {"every_n_completions": 1}}})
    await finish(ana, key, 1)

    text = told(await ana.at(at).answer("emit_event", project=key, name="looked"))

    assert "Nothing became due by it.\nDue before it, and seen now (2):" in text


async def _spend(ana: Agent, key: str, total: float) -> dict[str, Any]:
    return await ana.call("emit_event", project=key, name="budget_spent", payload={"spent": total})


def _names(occurrences: list[dict[str, Any]]) -> list[str]:
    return [one["ceremony"] for one in occurrences]
