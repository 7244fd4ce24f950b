"""An answer names whom nobody on the team is."""

from tests.tools.agent import Agent, told
from tests.tools.ceremonial import a_sprint, delivered


async def test_an_answer_tells_who_is_not_on_the_team(ana: Agent) -> None:
    key = await a_sprint(ana)
    occurrence = await delivered(ana, key, "daily_scrum")
    asked = {"occurrence": occurrence, "attendees": ["Nobody There"]}

    recorded = await ana.answer("record_ceremony", **asked)
    invited = {"ceremonies": {"daily_scrum": {"participants": ["Nobody There"]}}}
    policy = await ana.answer("set_ceremonies", project=key, policy=invited, dry_run=True)

    assert "attendees: 'Nobody There' is not on the team." in told(recorded)
    assert "ceremonies.daily_scrum.participants: 'Nobody There' is not on the team." in told(policy)
