"""What a running sprint goes by, as tools tell it."""

from tests.tools.agent import Agent, told
from tests.tools.ceremonial import a_sprint, look


async def test_a_running_sprint_is_shown_with_the_template_that_it_began_with(ana: Agent) -> None:
    key = await a_sprint(ana)
    await ana.call("setup_project", project=key, cadence="enterprise")

    assert (await look(ana, key))["template"] == "startup"
    text = told(await ana.answer("set_ceremonies", project=key))
    assert f"{key}, template startup: nothing changes." in text
    assert f"{key}-S1 keeps what it began with; the next sprint has template enterprise." in text


async def test_an_event_that_nobody_knows_is_told_with_the_one_that_was_meant(ana: Agent) -> None:
    key = await a_sprint(ana)
    policy = {"ceremonies": {"daily_scrum": {"on": "task_complete"}}}

    text = told(await ana.answer("set_ceremonies", project=key, policy=policy, dry_run=True))

    assert "task_complete comes by emit_event only. Did you mean 'task_completed'?" in text
