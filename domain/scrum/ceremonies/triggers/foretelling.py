"""Why a ceremony is due at a time that comes, if nothing else happens before."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from scrum.ceremonies.policy.model import Rule
from scrum.ceremonies.terms import RETROSPECTIVE
from scrum.ceremonies.triggers.alarms import gate_of, next_slot
from scrum.ceremonies.triggers.course import Firing
from scrum.ceremonies.triggers.missing import besides, missing, taken_by
from scrum.ceremonies.triggers.standing import Circumstances, Standing
from scrum.ceremonies.triggers.times import lasting, project_time_of, time_of
from scrum.sprint.model import State


def foretold(around: Circumstances, standing: Standing, rule: Rule, firing: Firing) -> str:
    """The time itself stands beside it."""
    kind = firing.occurrence.partition(":")[0]
    if standing.turn(rule).waiting or kind not in _BY:
        return missing(around, standing, rule)
    return _BY[kind](around, standing, rule, firing)


def _slot(around: Circumstances, standing: Standing, rule: Rule, firing: Firing) -> str:
    told = f"Its next slot{project_time_of(around, rule, firing.at)}"
    slot = next_slot(around, standing, rule)
    if slot and standing.turn(rule).taken:
        at = time_of(around, rule, around.clock.real(slot))
        told += f"; the one at {at} is taken by {taken_by(standing, rule)}, which came first"
    return f"{told}.{besides(around, standing, rule)}"


def _stall(around: Circumstances, standing: Standing, rule: Rule, _firing: Firing) -> str:
    hours = lasting(rule.settings.stall_after, "hour")
    return f"Nothing is completed for {hours} of working days by then. {missing(around, standing, rule)}"


def _start(around: Circumstances, _standing: Standing, rule: Rule, firing: Firing) -> str:
    return f"The sprint starts then{project_time_of(around, rule, firing.at)}."


def _end(around: Circumstances, standing: Standing, rule: Rule, firing: Firing) -> str:
    shown = project_time_of(around, rule, firing.at)
    if rule.name != RETROSPECTIVE:
        return f"The sprint's days are over then{shown}."
    if gate := gate_of(around.policy, replace(standing, state=State.IN_REVIEW)):
        return f"The sprint waits for {gate.name} until then{shown}."
    return f"The sprint's days are over then{shown}, and it does not wait for its review."


_BY: Mapping[str, Callable[[Circumstances, Standing, Rule, Firing], str]] = {
    "slot": _slot,
    "stall": _stall,
    "start": _start,
    "end": _end,
}
