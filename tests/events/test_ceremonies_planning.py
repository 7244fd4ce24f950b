"""What a sprint planning is held on, and what comes of it where nobody has to agree."""

from datetime import timedelta

from scrum.backlog.model import Draft
from scrum.backlog.usecases import add_items
from scrum.ceremonies.delivering import deliver
from scrum.ceremonies.usecases import trigger_ceremony
from scrum.chronicle.reports import Report
from scrum.events import By
from scrum.sprint.change import Action, SprintChange, change_sprint
from scrum.sprint.model import CarryOver
from scrum.sprint.usecases import close_sprint, import_history
from scrum.sprint.velocity import PastSprint, Source
from scrum.team.project import Autonomy, Cadence
from scrum_storage.store import Store
from tests.builders import MONDAY, SHOP
from tests.events.held import a_project, a_running_sprint, a_scheduler, occurrences, the_state
from tests.requirements import requirement

ANA = By("ana", MONDAY)
STEADY = {float(n): PastSprint(f"Sprint {n}", Source.IMPORTED, 8, days=14) for n in range(8)}


async def planning(core: Store, database: str) -> Report:
    """That somebody asks for."""
    due = await trigger_ceremony(core.start, SHOP, "sprint_planning", by=ANA)
    async with a_scheduler(database, MONDAY) as scheduler:
        return await deliver(scheduler.delivering.means, due.id, now=MONDAY)


async def with_evidence(core: Store, autonomy: Autonomy) -> None:
    await a_project(core, MONDAY, 5, {}, cadence=Cadence.STARTUP, autonomy=autonomy)
    await import_history(core.start, SHOP, STEADY, by=ANA)


@requirement("ceremonies.planning")
async def test_an_autonomous_project_commits_what_its_planning_planned(core: Store, database: str) -> None:
    await with_evidence(core, Autonomy.AUTONOMOUS)

    report = await planning(core, database)

    assert report.sections[0].lines == (f"{report.plan} is committed as SHOP-S1: SHOP is autonomous.",)
    assert await the_state(core) == "planned"


@requirement("ceremonies.autonomy")
async def test_with_a_planning_on_completion_an_autonomous_project_goes_on_by_itself(
    core: Store, database: str
) -> None:
    """Nobody calls anything after the first planning."""
    policy = {
        "sprint": {"auto_start": True, "strategy": "calendar"},
        "ceremonies": {"sprint_planning": {"on": "sprint_completed"}},
    }
    await a_project(core, MONDAY, 5, policy, cadence=Cadence.STARTUP, autonomy=Autonomy.AUTONOMOUS)
    await import_history(core.start, SHOP, STEADY, by=ANA)
    await planning(core, database)

    async with a_scheduler(database, MONDAY) as scheduler:
        await scheduler.live(MONDAY + timedelta(days=21))

    states = [await the_state(core, f"{SHOP}-S{number}") for number in (1, 2, 3)]
    assert states == ["completed", "active", ""]
    assert [one.key for one in await occurrences(core) if one.ceremony == "sprint_planning"] == [
        "asked:1",
        "events:1",
    ]


@requirement("ceremonies.planning")
async def test_an_autonomous_project_without_evidence_leaves_its_plan_to_a_person(
    core: Store, database: str
) -> None:
    await a_project(core, MONDAY, 5, {}, cadence=Cadence.STARTUP, autonomy=Autonomy.AUTONOMOUS)

    report = await planning(core, database)

    assert (
        report.sections[0]
        .lines[0]
        .startswith(f"{report.plan} is not committed: there is too little evidence")
    )
    assert "Approval" not in [section.heading for section in report.sections]
    assert await the_state(core) == ""


@requirement("ceremonies.planning")
async def test_other_projects_get_a_plan_that_a_person_commits(core: Store, database: str) -> None:
    await with_evidence(core, Autonomy.SUGGEST)

    report = await planning(core, database)

    assert report.plan
    assert "a person commits it" in report.sections[0].lines[0]
    assert await the_state(core) == ""


@requirement("ceremonies.planning")
async def test_a_planning_of_a_sprint_that_runs_shows_its_own_plan(core: Store, database: str) -> None:
    await a_running_sprint(core, MONDAY, 5, {}, cadence=Cadence.STARTUP, autonomy=Autonomy.AUTONOMOUS)
    async with core.look() as work:
        sprint = await work.sprints.find("SHOP-S1")

    report = await planning(core, database)

    assert sprint
    assert (report.plan, report.sprint) == (sprint.plan, "SHOP-S1")
    assert report.sections[0].lines == ("It is the plan of SHOP-S1, which is active.",)


@requirement("ceremonies.planning")
async def test_a_planning_while_a_sprint_ends_makes_a_plan_and_does_not_commit_it(
    core: Store, database: str
) -> None:
    policy = {"sprint": {"auto_transition": False}}
    await a_running_sprint(core, MONDAY, 5, policy, cadence=Cadence.STARTUP, autonomy=Autonomy.AUTONOMOUS)
    await import_history(core.start, SHOP, STEADY, by=ANA)
    await add_items(core.start, SHOP, [Draft("For the next one", points=1)], by=ANA)
    await change_sprint(core.start, SHOP, "SHOP-S1", SprintChange(Action.REVIEW), by=ANA)

    report = await planning(core, database)

    assert report.sections[0].lines == (f"{report.plan} is not committed: SHOP-S1 is not closed yet.",)
    assert report.title.startswith("Sprint planning of SHOP-S2")


@requirement("ceremonies.planning")
async def test_a_planning_that_is_delivered_late_is_about_the_next_sprint(core: Store, database: str) -> None:
    """Its own is over by then."""
    await a_running_sprint(core, MONDAY, 5, {}, cadence=Cadence.STARTUP)
    due = await trigger_ceremony(core.start, SHOP, "sprint_planning", by=ANA)
    await close_sprint(core.start, SHOP, "current", CarryOver.BACKLOG, by=ANA)

    async with a_scheduler(database, MONDAY) as scheduler:
        report = await deliver(scheduler.delivering.means, due.id, now=MONDAY)

    assert (report.id, report.sprint) == (due.id, "SHOP-S1")
    assert report.title.startswith("Sprint planning of SHOP-S2")


@requirement("ceremonies.planning")
async def test_without_anything_to_plan_the_report_says_what_is_missing(core: Store, database: str) -> None:
    await a_project(core, MONDAY, 0, {}, cadence=Cadence.STARTUP)

    report = await planning(core, database)

    assert "add_items" in report.text()


@requirement("ceremonies.once")
async def test_a_ceremony_that_is_delivered_again_has_the_report_that_is_kept(
    core: Store, database: str
) -> None:
    await a_running_sprint(core, MONDAY, 5, {}, cadence=Cadence.STARTUP)
    due = await trigger_ceremony(core.start, SHOP, "daily_scrum", by=ANA)

    async with a_scheduler(database, MONDAY) as scheduler:
        first = await deliver(scheduler.delivering.means, due.id, now=MONDAY)
        again = await deliver(scheduler.delivering.means, due.id, now=MONDAY.replace(hour=17))

    assert again == first
