"""The main job on real input: the backlog and the history of Apache Usergrid through two whole sprints.

The agent knows only what the tools tell it; the test keeps its own sums beside the server's ledger.
"""

import asyncio
import csv
import os
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from scrum_storage.embedded.servers import Servers
from tests.builders import MONDAY
from tests.requirements import requirement
from tests.tools.agent import ERAS, SCRUM_MCP, Agent, agent, environment, stdio_agent
from tests.tools.processes import http_server

DATA = Path(__file__).parents[2].parent / "shared" / "data"
BACKLOG, HISTORY = DATA / "backlogs" / "usergrid.csv", DATA / "velocity" / "history.csv"
TEAM = "apache:23"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="needs the data in ../shared/data, which is not here"
)


@dataclass
class Sums:
    """What the test itself adds up, in points."""

    scope: dict[str, int] = field(default_factory=dict[str, int])
    done: set[str] = field(default_factory=set[str])
    committed: int = 0
    added: int = 0
    removed: int = 0
    reestimated: int = 0

    @property
    def completed(self) -> int:
        return sum(self.scope[item] for item in self.done)

    @property
    def remaining(self) -> dict[str, int]:
        return {item: points for item, points in self.scope.items() if item not in self.done}

    def check(self, figures: dict[str, Any]) -> None:
        """The server's figures are ours, and balance."""
        assert figures["committed"]["points"] == self.committed
        assert figures["added"]["points"] == self.added
        assert figures["removed"]["points"] == self.removed
        assert figures["reestimated"] == self.reestimated
        assert figures["completed"] == {
            "points": self.completed, "items": len(self.done), "unestimated": 0
        }  # fmt: skip
        assert figures["remaining"]["points"] == sum(self.remaining.values())
        assert self.committed + self.added - self.removed + self.reestimated == sum(self.scope.values())


@asynccontextmanager
async def connected(transport: str, settings: dict[str, str], mode: str) -> AsyncGenerator[Agent]:
    if transport == "stdio":
        async with stdio_agent(settings, mode) as ana:
            yield ana
    else:
        async with http_server(settings) as url, agent(url, mode) as ana:
            yield ana


@requirement("ledger.independent", "eras")
@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", ["stdio", "http"])
async def test_an_agent_runs_sprints_on_a_real_backlog(
    servers: Servers, database: str, transport: str, mode: str
) -> None:
    settings = environment(servers, database)
    imported = read_history()
    await command(settings, "import-backlog", str(BACKLOG), "--project", "GRID")
    await command(settings, "import-history", str(HISTORY), "--project", "GRID", "--team", TEAM)

    async with connected(transport, settings, mode) as ana:
        assert (await ana.call("list_items", project="GRID", limit=1))["total"] == count(BACKLOG)
        assert await velocities(ana) == imported
        first = await a_sprint(ana, "GRID-S1")
        assert await velocities(ana) == [*imported, first.completed]
        later = ana.at(MONDAY + timedelta(days=14))
        told = await later.call("explain_decision", sprint="GRID-S1")
        assert told["outcome"]["completed"]["points"] == first.completed
        await promises_are_kept(later, first)


async def a_sprint(ana: Agent, sprint: str) -> Sums:
    """Plan, commit, start, work, change the scope, and close."""
    await ana.call("set_team", project="GRID", members=[{"name": n} for n in ("Ana", "Bo", "Cy", "Di", "Ed")])
    plan = await ana.call("plan_sprint", project="GRID", goal="Queries that can be trusted")
    assert plan["forecast"]["n"] == 26
    assert plan["points"] <= plan["commitment"]
    await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True)
    started = await ana.call("start_sprint", sprint="next", project="GRID")
    assert started["sprint"] == sprint

    sums = Sums(scope={item["item"]: item["points"] for item in plan["selected"]}, committed=plan["points"])
    assert len(sums.scope) >= 4
    sums.check(started["figures"])
    await progress(ana, sums)
    await scope(ana, sums)
    return await close(ana, sums)


async def progress(ana: Agent, sums: Sums) -> None:
    """Done, re-estimated, blocked and reopened."""
    one, two, three, *_ = sorted(sums.scope)
    await update(
        ana.at(MONDAY + timedelta(days=1)), {"item": one, "status": "done"}, {"item": two, "status": "done"}
    )
    sums.done = {one, two}
    await update(
        ana.at(MONDAY + timedelta(days=2)), {"item": three, "points": sums.scope[three] + 2, "blocked": True}
    )
    sums.scope[three] += 2
    sums.reestimated = 2
    await update(ana.at(MONDAY + timedelta(days=3)), {"item": two, "status": "in_progress"})
    sums.done.remove(two)

    sprint = await ana.at(MONDAY + timedelta(days=3)).call("get_sprint", project="GRID")

    sums.check(sprint["figures"])
    assert sprint["blocked"] == [three]
    remaining = {day["day"]: day.get("remaining") for day in sprint["burndown"]}
    assert remaining["2026-03-02"] == sums.committed
    assert remaining["2026-03-05"] == sum(sums.remaining.values())


async def scope(ana: Agent, sums: Sums) -> None:
    wednesday = ana.at(MONDAY + timedelta(days=9))
    left = await wednesday.call("list_items", project="GRID", where={"sprint": "-", "estimated": True})
    new, gone = left["items"][0], max(sums.remaining)
    await wednesday.call("change_sprint", sprint="current", project="GRID", action="add", items=[new["item"]])
    sums.scope[new["item"]] = new["points"]
    sums.added = new["points"]
    changed = await wednesday.call(
        "change_sprint", sprint="current", project="GRID", action="remove", items=[gone], reason="Too vague"
    )
    sums.removed = sums.scope.pop(gone)
    sums.check(changed["figures"])


async def close(ana: Agent, sums: Sums) -> Sums:
    friday = ana.at(MONDAY + timedelta(days=11))
    closed = await friday.call("close_sprint", sprint="current", project="GRID", carry_over="next")
    sums.check(closed["figures"])
    assert closed["figures"]["carried_over"]["points"] == sum(sums.remaining.values())
    assert sorted(closed["carried_over"]) == sorted(sums.remaining)
    assert closed["figures"]["completion"] == round(sums.completed / sums.committed, 4)
    return sums


async def promises_are_kept(ana: Agent, before: Sums) -> None:
    """What was carried over to the next sprint is in its plan, and the blocked item too once it is free."""
    blocked = [item["item"] for item in (await blocked_items(ana))["items"]]
    await update(ana, *({"item": item, "blocked": False} for item in blocked))
    plan = await ana.call("plan_sprint", project="GRID")
    assert plan["forecast"]["n"] == 27
    assert before.remaining.keys() <= {item["item"] for item in plan["selected"]}
    made = await ana.call("commit_plan", plan_id=plan["plan_id"], confirm=True, start=True)
    assert (made["sprint"], made["figures"]["committed"]["points"]) == ("GRID-S2", plan["points"])


async def blocked_items(ana: Agent) -> dict[str, Any]:
    return await ana.call("list_items", project="GRID", where={"blocked": True})


async def velocities(ana: Agent) -> list[float]:
    told = await ana.call("get_velocity", project="GRID", window=100)
    values = [value["value"] for value in told["values"]]
    assert told["mean"] == pytest.approx(mean(values), abs=1e-4)
    assert told["n"] == len(values)
    return values


async def update(ana: Agent, *changes: dict[str, Any]) -> None:
    await ana.call("update_items", project="GRID", changes=list(changes))


async def command(settings: dict[str, str], *arguments: str) -> None:
    done = await asyncio.to_thread(
        subprocess.run, [SCRUM_MCP, *arguments], capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, **settings},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def read_history() -> list[float]:
    with HISTORY.open(newline="") as lines:
        return [float(row["completed_points"]) for row in csv.DictReader(lines) if row["team"] == TEAM]


def count(file: Path) -> int:
    with file.open(newline="") as lines:
        return sum(1 for _ in csv.DictReader(lines))
