"""Two agents at once: what they start from, and what has to come out."""

from tests.tools.agent import Agent
from tests.tools.database import rows


async def two_plans(ana: Agent, project: str) -> tuple[str, str]:
    """Two different plans for the next sprint of a new project."""
    await ana.call("setup_project", project=project)
    await ana.call(
        "add_items", project=project, items=[{"title": "A", "points": 1}, {"title": "B", "points": 1}]
    )
    one = await ana.call("plan_sprint", project=project, must_include=[f"{project}-1"])
    other = await ana.call("plan_sprint", project=project, goal="Another", days=7)
    return one["plan_id"], other["plan_id"]


async def one_sprint(database: str, project: str, refusals: list[str]) -> None:
    """There is one sprint, and the one refusal says why."""
    sprints = await rows(database, "SELECT id, state FROM core.sprints WHERE project = $1", project)
    assert sprints == [{"id": f"{project}-S1", "state": "planned"}]
    assert len(refusals) == 1
    assert f"{project}-S1 is planned already" in refusals[0] or f"is {project}-S1 already" in refusals[0]
