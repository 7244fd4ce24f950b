"""A simulation as one JSON document, for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from scrum_server.simulate.game.occasions import Kind, Occasion, by_kind, wrong
from scrum_server.simulate.game.played import Played
from scrum_server.simulate.invented.course import MARK
from scrum_server.simulate.invented.happenings import Blocked, Found, Reestimated
from scrum_server.simulate.options import Options
from scrum_server.simulate.shown.score import Calibration

Document = dict[str, Any]


def document(options: Options, rounds: Sequence[Played]) -> Document:
    closed = [one.closed for one in rounds]
    occasions = [occasion for one in closed for occasion in one.occasions]
    velocity = closed[-1].velocity
    return {
        MARK: True,
        "options": asdict(options),
        "sprints": [_sprint(one) for one in rounds],
        "velocity": {
            "mean": velocity.mean,
            "n": velocity.n,
            "values": [one.value for one in velocity.values],
        },
        "calibration": asdict(Calibration.of(closed)),
        "ceremonies": [_kind(kind) for kind in by_kind(occasions)],
        "not_delivered_once": wrong(occasions),
    }


def _sprint(played: Played) -> Document:
    plan, sprint = played.plan, played.closed.sprint
    return {
        "sprint": sprint.sprint,
        "start": str(sprint.start),
        "end": str(sprint.end),
        "time_scale": sprint.time_scale,
        "state": sprint.state,
        "availability": plan.capacity.availability,
        "planned": plan.points,
        "items": plan.selected_count,
        "forecast": plan.forecast.model_dump(include={"p10", "p50", "p90", "p_commitment", "n"}),
        "committed": sprint.figures.committed.points,
        "completed": sprint.figures.completed.points,
        "added": sprint.figures.added.points,
        "reestimated": sprint.figures.reestimated,
        "unfinished": sprint.carried_over,
        "happened": {kind.__name__.lower(): _times(played, kind) for kind in (Blocked, Found, Reestimated)},
        "remaining": {str(day.day): day.sprint.figures.remaining.points for day in played.days},
        "ceremonies": [_occasion(one) for one in played.closed.occasions],
        "ended": played.closed.how,
    }


def _times(played: Played, kind: type) -> int:
    return sum(isinstance(one, kind) for day in played.days for one in day.happenings)


def _occasion(one: Occasion) -> Document:
    return {**asdict(one), "at": one.at.isoformat()}


def _kind(kind: Kind) -> Document:
    states = {state.value: number for state, number in kind.states.items()}
    return {"ceremony": kind.ceremony, "due": kind.due, "delivered": kind.deliveries, "states": states}
