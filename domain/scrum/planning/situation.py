"""What a plan rests on: gathered, hashed, and compared when the plan is committed."""

import asyncio
import hashlib
import json
from base64 import b32encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from scrum.backlog.model import Item
from scrum.errors import Unavailable
from scrum.planning.model import Inputs
from scrum.planning.ports import PlanningWork
from scrum.sprint.model import Sprint
from scrum.sprint.usecases import past_sprints
from scrum.sprint.velocity import PastSprint
from scrum.strategies.model import Record, built_in
from scrum.strategies.ports import StrategyWork
from scrum.team.model import Team
from scrum.team.project import Project
from scrum.work import Start

Pairs = Sequence[tuple[str, str]]
PATIENCE = 5.0
"""Seconds that a plan waits for memory."""
AWAY = "memory is away; get_status says why."


@dataclass(frozen=True)
class Situation:
    """`items` is the open backlog in its order; `running` the open sprint, if there is one.

    `usual` is the team that the history is of, where another one is supposed and the history does not know its heads. `learned` are the strategies and their
    trials: None where they could not be read, and what every project begins with is followed.
    """

    project: Project
    team: Team
    items: tuple[Item, ...]
    history: tuple[PastSprint, ...]
    running: Sprint | None
    usual: Team | None = None
    learned: tuple[Record, ...] | None = None
    unlearned: str = ""
    """Why the strategies could not be read."""

    @property
    def strategies(self) -> tuple[Record, ...]:
        if self.learned is None:
            return tuple(map(Record, built_in(self.project.key)))
        return self.learned

    @property
    def candidates(self) -> tuple[Item, ...]:
        """Items that are in no sprint yet."""
        return tuple(item for item in self.items if not item.sprint)


async def gather(work: PlanningWork, project: Project) -> Situation:
    return Situation(
        project=project,
        team=await work.teams.get(project.key),
        items=await work.items.open(project.key),
        history=tuple(await past_sprints(work, project)),
        running=await work.sprints.open(project.key),
    )


async def learned(situation: Situation, memory: Start[StrategyWork]) -> Situation:
    """With the strategies of the project, or why they are not known."""
    try:
        return replace(situation, learned=await recorded(memory, situation.project.key))
    except TimeoutError:
        return replace(situation, unlearned=f"memory gave no answer within {PATIENCE:g} s.")
    except Unavailable:
        return replace(situation, unlearned=AWAY)


async def recorded(memory: Start[StrategyWork], project: str) -> tuple[Record, ...]:
    """Raises TimeoutError or Unavailable."""
    async with asyncio.timeout(PATIENCE), memory() as work:
        return tuple(await work.strategies.of(project))


def inputs(situation: Situation) -> Inputs:
    facts = {
        "project": _project(situation.project),
        "team": _team(situation.team),
        "history": [[past.name, _past(past)] for past in situation.history],
        "sprint": _sprint(situation),
        "items": {item.key: _item(item, n) for n, item in enumerate(situation.candidates, start=1)},
    }
    return Inputs(digest(facts), facts)


def digest(facts: object) -> str:
    """The same for the same values, in every process and on every platform."""
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def plan_id(facts_digest: str, request: object, outcome: object) -> str:
    """Made from all that decides the plan and from what was decided: one id never names two plans."""
    raw = hashlib.sha256(f"{facts_digest}:{digest([request, outcome])}".encode()).digest()
    return f"PLAN-{b32encode(raw).decode()[:10]}"


def differences(before: Inputs, after: Inputs) -> list[str]:
    """What changed between two situations, one line each; none when nothing that counts did."""
    if before.digest == after.digest:
        return []
    lines: list[str] = []
    for part, told in _TOLD_BY.items():
        lines.extend(told(part, before.facts[part], after.facts[part]))
    return lines


def _changed(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[str]:
    for field in sorted({*before, *after}):
        was, now = before.get(field), after.get(field)
        if was == now:
            continue
        yield (
            f"{name} {field} changed" if field in _HASHED else f"{name} {field}: {_told(was)} -> {_told(now)}"
        )


def _team_changed(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[str]:
    """The order, on which ties between people depend, is told where nobody came or left."""
    yield from _changed(name, _without("order", before), _without("order", after))
    if before.keys() == after.keys() and before["order"] != after["order"]:
        yield f"{name} order: {_told(before['order'])} -> {_told(after['order'])}"


def _history_changed(name: str, before: Pairs, after: Pairs) -> Iterable[str]:
    was, now = dict(before), dict(after)
    for sprint in dict.fromkeys([*was, *now]):
        if was.get(sprint) != now.get(sprint):
            yield f"{name}: {sprint}: {_told(was.get(sprint))} -> {_told(now.get(sprint))}"
    if was == now and before != after:
        yield f"{name}: the order of the past sprints"


def _items_changed(_: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[str]:
    for key in after.keys() - before.keys():
        yield f"{key} is new in the backlog"
    for key in before.keys() - after.keys():
        yield f"{key} is no longer open for planning"
    moved = 0
    for key in sorted(before.keys() & after.keys()):
        was, now = before[key], after[key]
        yield from _changed(key, _without("place", was), _without("place", now))
        moved += was["place"] != now["place"]
    if moved and before.keys() == after.keys():
        yield f"the order of {moved} items"


_TOLD_BY: dict[str, Callable[[str, Any, Any], Iterable[str]]] = {
    "project": _changed,
    "team": _team_changed,
    "history": _history_changed,
    "sprint": _changed,
    "items": _items_changed,
}


def _without(field: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name != field}


def _told(value: object) -> str:
    if value in (None, "", []):
        return "none"
    return ", ".join(map(str, cast("list[object]", value))) if isinstance(value, list) else str(value)


def _project(project: Project) -> dict[str, Any]:
    calendar = project.calendar
    return {
        "sprint_days": project.sprint_days,
        "focus_factor": project.focus_factor,
        "target_confidence": project.target_confidence,
        "timezone": calendar.timezone,
        "country": calendar.country,
        "workdays": list(calendar.workdays),
        "days_off": [str(day) for day in calendar.days_off],
    }


def _team(team: Team) -> dict[str, Any]:
    members = {f"member {m.name}": [f"{_number(m.hours_per_day)} h", *sorted(m.skills)] for m in team.members}
    away = [f"{a.member} {a.start} to {a.end}{' half days' if a.half_day else ''}" for a in team.absences]
    return {**members, "absences": away, "order": team.names}


def _past(past: PastSprint) -> str:
    known = {
        "days": past.days,
        "working days": past.working_days,
        "availability": past.availability,
        "members": past.members,
        "points committed": past.committed_points,
    }
    told = [f"{_number(value)} {name}" for name, value in known.items() if value is not None]
    return ", ".join([f"{_number(past.completed_points)} points", *told, past.source])


def _number(value: float) -> str:
    """All of its digits, and no more."""
    return repr(float(value)).removesuffix(".0")


def _sprint(situation: Situation) -> dict[str, Any]:
    """`items` are open and in the sprint: candidates may wait for them."""
    running = situation.running
    return {
        "number": situation.project.next_sprint,
        "open": f"{running.id}, {running.state}" if running else "",
        "ends": str(running.end) if running else "",
        "items": [item.key for item in situation.items if item.sprint],
    }


def _item(item: Item, place: int) -> dict[str, Any]:
    return {
        "place": place,
        "points": item.points,
        "priority": item.priority.value,
        "status": item.status.value,
        "skills": sorted(item.skills),
        "depends on": sorted(item.depends_on),
        "assignee": item.assignee,
        "due": str(item.due or ""),
        "blocked": item.block is not None,
        "promised": item.pinned,
        "carried over": item.carried,
        "labels": sorted(item.labels),
        "created": str(item.created_at.date()) if item.created_at else "",
        "title": _short_hash(item.title),
        "block reason": _short_hash(item.block.reason) if item.block else "",
    }


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12] if text else ""


_HASHED = ("title", "block reason")
"""Facts of an item that are long texts: kept as a short hash."""
