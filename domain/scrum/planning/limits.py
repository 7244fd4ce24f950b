"""What the planner chooses from, and within which limits."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from scrum.backlog.estimates import usual_points
from scrum.backlog.model import Item
from scrum.planning.request import Allow, PlanRequest
from scrum.planning.situation import Situation
from scrum.planning.value import Worth
from scrum.selection.selection import Candidate, Limits, Person
from scrum.team.capacity import Capacity


def candidates(
    situation: Situation, request: PlanRequest, worth: Mapping[str, Worth], hours_per_point: float
) -> list[Candidate]:
    still_open = {item.key for item in situation.items}
    usual = usual_points(situation.candidates) if Allow.UNESTIMATED in request.allow else None
    result: list[Candidate] = []
    for item in situation.candidates:
        points = usual if item.points is None else item.points
        result.append(
            Candidate(
                key=item.key,
                points=points,
                value=worth[item.key].value,
                needs=item.depends_on & still_open,
                skills=item.skills,
                hours=(points or 0) * hours_per_point,
            )
        )
    return result


def limits(situation: Situation, request: PlanRequest, capacity: Capacity, commitment: int) -> Limits:
    """What was promised is in, unless it or what it needs is blocked, excluded or in the running sprint."""
    stopped = blocked(situation, request)
    barred = (stopped | request.exclude) - request.must_include
    promised = {item.key for item in situation.candidates if item.pinned}
    taken = {item.key for item in situation.items if item.sprint}
    return Limits(
        points=commitment,
        people=people(capacity),
        must_include=request.must_include
        | (promised - _with_dependents(situation.candidates, barred | taken)),
        exclude=barred,
        blocked=stopped - request.must_include - request.exclude,
        max_points=request.max_points,
    )


def blocked(situation: Situation, request: PlanRequest) -> frozenset[str]:
    """Items that their block keeps out; none where the request allows blocked items."""
    if Allow.BLOCKED in request.allow:
        return frozenset()
    return frozenset(item.key for item in situation.candidates if item.block)


def people(capacity: Capacity) -> tuple[Person, ...]:
    return tuple(Person(person.name, person.hours, person.skills) for person in capacity.people)


def _with_dependents(items: Sequence[Item], keys: AbstractSet[str]) -> set[str]:
    """These keys, and all items that need one of them, directly or not."""
    reached = set(keys)
    while more := {item.key for item in items if item.depends_on & reached} - reached:
        reached |= more
    return reached
