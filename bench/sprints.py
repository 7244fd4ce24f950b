"""Many projects, each with a running sprint: copies of a few that the product made."""

from datetime import datetime
from typing import Any, TypeAlias

import asyncpg

from scrum.backlog.model import Draft
from scrum.backlog.usecases import add_items
from scrum.ceremonies.usecases import evaluate_sprint, set_ceremonies
from scrum.events import By
from scrum.planning.model import Consent
from scrum.planning.request import PlanRequest
from scrum.planning.usecases import commit_and_start, plan_sprint
from scrum.team.model import MemberChange
from scrum.team.usecases import TeamChange, set_team, setup_project
from scrum_storage.store import Store
from scrum_storage.tables import core as tables

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

ITEMS = 12
DAILY: dict[str, Any] = {"frequency": "daily", "time_of_day": "09:00"}
POLICIES: dict[str, dict[str, Any]] = {
    "TASKS": {"strategy": "task_driven", "every_n_completions": 1},
    "CALENDAR": {"strategy": "calendar", **DAILY},
    "HYBRID": {"strategy": "hybrid", **DAILY},
    "EVENTS": {"strategy": "event_driven", "on": "task_completed", "debounce": 1},
    "RATE": {"strategy": "throughput_adaptive"},
    "OUTSIDE": {"strategy": "external_trigger", "sources": ["git"]},
    "BUDGET": {"strategy": "budget_driven", "budget": 200},
    "STONES": {"strategy": "milestone_driven", "milestones": {"beta": {"items": ["STONES-1", "STONES-2"]}}},
}
"""What each of the sprints that are copied goes by, by the key of its project."""
_TABLES = {
    "projects": "key",
    "ceremony_settings": "project",
    "teams": "project",
    "sprints": "project",
    "items": "project",
    "ledger": "sprint",
    "schedules": "project",
    "happenings": "sprint",
    "occurrences": "sprint",
}
"""In the order in which rows need each other, with the column that says whose they are."""
_COPY = """
    INSERT INTO core.{table} ({columns})
    SELECT {made} FROM core.{table} AS one, generate_series($2::int, $3::int) AS n,
        jsonb_populate_record(NULL::core.{table}, replace(to_jsonb(one)::text, $1, $1 || n)::jsonb) AS made
    WHERE one.{owner} IN ($1, $1 || '-S1')
"""


async def make_originals(core: Store, now: datetime) -> None:
    """One of each policy, started and evaluated: nothing of it is due."""
    for key, policy in POLICIES.items():
        await _start(core, key, policy, By("ana", now))
        await evaluate_sprint(core.start, f"{key}-S1", now=now)


async def _start(core: Store, key: str, policy: dict[str, Any], by: By) -> None:
    await setup_project(core.start, key, {}, by=by)
    await set_team(core.start, key, TeamChange(members=(MemberChange("Ana"), MemberChange("Bo"))), by=by)
    drafts = [Draft(f"Item {n}", points=1) for n in range(1, ITEMS + 1)]
    keys = [item.key for item in await add_items(core.start, key, drafts, by=by)]
    given = {"sprint": policy, "ceremonies": {"backlog_refinement": {"enabled": False}}}
    await set_ceremonies(core.start, key, given, by=by)
    request = PlanRequest(must_include=frozenset(keys), start=by.now.date())
    plan = await plan_sprint(core.start, key, request, by=by)
    await commit_and_start(core.start, plan.id, Consent.PERSON, by=by)


async def copy(connection: Connection, first: int, last: int) -> None:
    """Of each original those with these numbers."""
    for table, owner in _TABLES.items():
        for key in POLICIES:
            await connection.execute(_statement(table, owner), key, first, last)


def _statement(table: str, owner: str) -> str:
    names = [column.name for column in tables.tables[f"core.{table}"].columns if column.identity is None]
    made = ", ".join(f"made.{name}" for name in names)
    return _COPY.format(table=table, columns=", ".join(names), made=made, owner=owner)
