"""What a plan rests on: gathered, hashed, and compared when the plan is committed."""

import hashlib
import json
from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from scrum.backlog.model import Item
from scrum.planning.model import Inputs
from scrum.planning.ports import PlanningWork
from scrum.sprint.model import Sprint
from scrum.sprint.usecases import past_sprints
from scrum.sprint.velocity import PastSprint
from scrum.team.model import Team
from scrum.team.project import Project


@dataclass(frozen=True)
class Situation:
    """`items` is the open backlog in its order; `running` the open sprint, if there is one."""

    project: Project
    team: Team
    items: tuple[Item, ...]
    history: tuple[PastSprint, ...]
    running: Sprint | None

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


def inputs(situation: Situation) -> Inputs:
    facts = {
        "project": _project(situation.project),
        "team": _team(situation.team),
        "history": _history(situation.history),
        "sprint": _sprint(situation.running),
        "items": {item.key: _item(item, n) for n, item in enumerate(situation.candidates, start=1)},
    }
    return Inputs(digest(facts), facts)


def digest(facts: object) -> str:
    """The same for the same values, in every process and on every platform."""
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def plan_id(facts_digest: str, request: object) -> str:
    """Made from all that decides the plan: planning twice from the same facts gives the same plan."""
    raw = hashlib.sha256(f"{facts_digest}:{digest(request)}".encode()).digest()
    return f"PLAN-{b32encode(raw).decode()[:10]}"


def differences(before: Inputs, after: Inputs) -> list[str]:
    """What changed between two situations, one line each; none when nothing that counts did."""
    if before.digest == after.digest:
        return []
    lines: list[str] = []
    for part in ("project", "team", "history", "sprint"):
        lines.extend(_changed(part, before.facts[part], after.facts[part]))
    return [*lines, *_items(before.facts["items"], after.facts["items"])]


def _changed(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[str]:
    for field in sorted({*before, *after}):
        was, now = before.get(field), after.get(field)
        if was != now:
            yield f"{name} {field}: {_told(was)} -> {_told(now)}"


def _items(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[str]:
    for key in after.keys() - before.keys():
        yield f"{key} is new in the backlog"
    for key in before.keys() - after.keys():
        yield f"{key} is no longer open for planning"
    moved = 0
    for key in sorted(before.keys() & after.keys()):
        was, now = before[key], after[key]
        yield from _changed(key, _without_place(was), _without_place(now))
        moved += was["place"] != now["place"]
    if moved and before.keys() == after.keys():
        yield f"the order of {moved} items"


def _without_place(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name != "place"}


def _told(value: object) -> str:
    if value in (None, "", []):
        return "none"
    return ", ".join(map(str, cast("list[object]", value))) if isinstance(value, list) else str(value)


def _project(project: Project) -> dict[str, Any]:
    calendar = project.calendar
    return {
        "sprint_days": project.sprint_days,
        "focus_factor": project.focus_factor,
        "timezone": calendar.timezone,
        "country": calendar.country,
        "workdays": list(calendar.workdays),
        "days_off": [str(day) for day in calendar.days_off],
    }


def _team(team: Team) -> dict[str, Any]:
    members = {
        f"member {m.name}": " ".join([f"{m.hours_per_day:g} h", *sorted(m.skills)]) for m in team.members
    }
    away = [f"{a.member} {a.start} to {a.end}{' half days' if a.half_day else ''}" for a in team.absences]
    return {**members, "absences": away}


def _history(history: Sequence[PastSprint]) -> dict[str, Any]:
    return {"sprints": len(history), "last": history[-1].name if history else ""}


def _sprint(sprint: Sprint | None) -> dict[str, Any]:
    return {"open": sprint.id if sprint else "", "ends": str(sprint.end) if sprint else ""}


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
    }
