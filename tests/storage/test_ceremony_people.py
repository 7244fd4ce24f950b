"""People whom a policy or an outcome names, and who are not on the team: taken, and told."""

from scrum.ceremonies.outcome import Action, Outcome
from scrum.ceremonies.recording import hold_ceremony
from scrum.ceremonies.usecases import set_ceremonies, trigger_ceremony
from scrum_storage.store import Store
from tests.builders import SHOP, a_project, a_team, by
from tests.requirements import requirement
from tests.storage.meetings import a_sprint_with, daily

INVITED = {"ceremonies": {"daily_scrum": {"participants": ["team", "ana", "Boo"]}}}


@requirement("ceremonies.people")
async def test_a_participant_who_is_not_on_the_team_is_taken_with_a_remark(core: Store) -> None:
    await a_project(core)
    await a_team(core, "Ana", "Bo")

    answers = [await set_ceremonies(core.start, SHOP, INVITED, by=by(), dry_run=dry) for dry in (True, False)]

    for answer in answers:
        assert answer.changed
        assert answer.remarks == (
            "ceremonies.daily_scrum.participants: 'Boo' is not on the team. Did you mean 'Bo'?",
        )


async def test_of_a_team_that_nobody_told_of_no_name_is_remarked_on(core: Store) -> None:
    await a_project(core)

    assert (await set_ceremonies(core.start, SHOP, INVITED, by=by())).remarks == ()


@requirement("ceremonies.people")
async def test_attendees_and_owners_who_are_not_on_the_team_are_kept_and_told(core: Store) -> None:
    await a_team_sprint(core)
    due = await trigger_ceremony(core.start, SHOP, "daily_scrum", by=by())
    outcome = Outcome(
        attendees=["ANA", "The customer"],
        actions=[Action(text="Oil the door", owner="Kim"), Action(text="Paint it", owner="Ana")],
    )

    held = await hold_ceremony(core.start, due.id, outcome, by=by())

    assert held.remarks == (
        "attendees: 'The customer' is not on the team.",
        "owner: 'Kim' is not on the team.",
    )
    assert [one.owner for one in held.actions] == ["Kim", "Ana"]


async def a_team_sprint(core: Store) -> None:
    await a_sprint_with(core, daily(every_n_completions=5))
    await a_team(core, "Ana", "Bo")
