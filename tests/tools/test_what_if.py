"""plan_sprint under facts that are only supposed."""

from typing import Any

from tests.requirements import requirement
from tests.tools.agent import Agent
from tests.tools.conftest import Refused, a_project
from tests.tools.database import dump

TEN = (3, 5, 8, 3, 5, 8, 3, 5, 8, 3)
TWO_WEEKS = {"start": "2026-03-02", "end": "2026-03-15"}


async def supposed(ana: Agent, key: str, **what_if: Any) -> dict[str, Any]:
    return await ana.call("plan_sprint", project=key, what_if=what_if)


@requirement("plan.what-if")
async def test_nothing_is_written_and_there_is_nothing_to_commit(ana: Agent, module_database: str) -> None:
    key = await a_project(ana, TEN)
    before = await dump(module_database)

    plan = await supposed(
        ana,
        key,
        members=[{"name": "Cy", "skills": ["design"]}],
        absences=[{"member": "Bo", **TWO_WEEKS}],
        items=[
            {"title": "A new one", "points": 1, "priority": "highest"},
            {"item": f"{key}-1", "points": 13},
        ],
    )

    assert await dump(module_database) == before
    assert plan.get("plan_id", "") == ""


@requirement("plan.what-if")
async def test_an_absence_lowers_the_commitment_beside_the_plan_as_things_are(ana: Agent) -> None:
    key = await a_project(ana, TEN)
    actual = await ana.call("plan_sprint", project=key)

    plan = await supposed(ana, key, absences=[{"member": "Bo", **TWO_WEEKS}])

    beside = plan["as_things_are"]
    assert (beside["commitment"], beside["points"]) == (actual["commitment"], actual["points"])
    assert (plan["capacity"]["availability"], beside["availability"]) == (0.5, 1.0)
    assert plan["commitment"] < beside["commitment"]


@requirement("plan.what-if-scope")
async def test_a_new_item_can_be_demanded_before_it_is_there(ana: Agent) -> None:
    key = await a_project(ana, (3,))

    plan = await ana.call(
        "plan_sprint",
        project=key,
        must_include=[f"{key}-2"],
        what_if={"items": [{"title": "Rescue", "points": 2, "priority": "highest"}]},
    )

    assert f"{key}-2" in [item["item"] for item in plan["selected"]]
    assert "has no item" in plan["as_things_are"]["why_not"]


@requirement("plan.what-if-scope")
async def test_a_dropped_item_makes_room_for_others(ana: Agent) -> None:
    key = await a_project(ana, (8, 8, 8))
    actual = {item["item"] for item in (await ana.call("plan_sprint", project=key))["selected"]}
    first, other = f"{key}-1", min({f"{key}-{n}" for n in (1, 2, 3)} - actual)

    plan = await supposed(ana, key, drop=[first])

    assert first in actual
    assert {item["item"] for item in plan["selected"]} == actual - {first} | {other}
    assert first not in [item["item"] for item in plan["left_out"]]


async def test_what_depends_on_a_dropped_item_waits_for_it_no_more(ana: Agent) -> None:
    key = await a_project(ana, (40, 1))
    await ana.call("update_items", project=key, changes=[{"item": f"{key}-2", "depends_on": [f"{key}-1"]}])

    assert [item["item"] for item in (await supposed(ana, key, drop=[f"{key}-1"]))["selected"]] == [
        f"{key}-2"
    ]


@requirement("plan.what-if-scope")
async def test_another_estimate_and_another_priority_change_what_is_selected(ana: Agent) -> None:
    key = await a_project(ana, (8, 8, 8))
    before = (await ana.call("plan_sprint", project=key))["selected"]
    last = f"{key}-3"

    plan = await supposed(ana, key, items=[{"item": last, "priority": "highest", "points": 7}])

    assert last not in [item["item"] for item in before]
    assert (last, 7) in [(item["item"], item["points"]) for item in plan["selected"]]


async def test_who_leaves_is_like_somebody_who_is_away(ana: Agent) -> None:
    key = await a_project(ana, TEN)

    left = await supposed(ana, key, remove=["Bo"])
    away = await supposed(ana, key, absences=[{"member": "Bo", **TWO_WEEKS}])

    assert left["capacity"]["gross_hours"] == 80
    assert left["commitment"] == away["commitment"] < left["as_things_are"]["commitment"]
    assert any("compared with those of the team as it is" in note for note in left["forecast"]["notes"])


async def test_hours_count_as_heads_do(ana: Agent) -> None:
    key = await a_project(ana, TEN)
    halves = [{"name": name, "hours_per_day": 4} for name in ("Ana", "Bo")]

    assert (await supposed(ana, key, members=halves))["commitment"] == (
        await supposed(ana, key, remove=["Bo"])
    )["commitment"]


async def test_nobody_left_is_told_as_it_is(ana: Agent, refused: Refused) -> None:
    key = await a_project(ana, TEN)

    told = await refused("plan_sprint", project=key, what_if={"remove": ["Ana", "Bo"]})

    assert "the commitment is 0 points, with 0 h of the team" in told


async def test_nothing_supposed_is_refused(own: str, refused: Refused) -> None:
    assert "what_if supposes nothing" in await refused("plan_sprint", project=own, what_if={})


@requirement("plan.same")
async def test_the_same_supposition_has_the_same_answer(ana: Agent) -> None:
    key = await a_project(ana, TEN)

    assert await supposed(ana, key, remove=["Bo"]) == await supposed(ana, key, remove=["Bo"])


async def test_what_cannot_be_is_refused_as_if_it_were_real(own: str, refused: Refused) -> None:
    def asked(**what_if: Any) -> dict[str, Any]:
        return {"project": own, "what_if": what_if}

    assert "Nobody" in await refused("plan_sprint", **asked(absences=[{"member": "Nobody"}]))
    assert "has no item" in await refused("plan_sprint", **asked(items=[{"item": "NO-1", "points": 3}]))
    assert "has no item" in await refused("plan_sprint", **asked(drop=["NO-1"]))
    assert "neither item nor title" in await refused("plan_sprint", **asked(items=[{"points": 3}]))
