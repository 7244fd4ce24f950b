"""What memory keeps of a decision."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import mean

from scrum.backlog.model import Item
from scrum.memory.model import Context, Decision, Episode, Features, Tried
from scrum.planning.model import Plan
from scrum.planning.situation import Situation
from scrum.sprint.model import Prediction, Sprint

_RECENT = 5
"""Sprints that tell how fast a team is now."""
_MOST_LABELS = 8


def context(plan: Plan, situation: Situation) -> Context:
    """The situation of a plan: what is known before anybody decides, and what the work is about."""
    chosen = {one.key for one in plan.selected}
    items = [item for item in situation.candidates if item.key in chosen]
    return Context(
        goal=plan.goal,
        text="\n".join(item.title for item in items),
        focus=_focus(items),
        features=_features(plan, situation),
    )


def episode(plan: Plan, sprint: Sprint, situation: Situation) -> Episode:
    """As it is when the plan is committed."""
    return Episode(
        plan=plan.id,
        project=plan.project,
        sprint=sprint.id,
        at=plan.created_at,
        context=context(plan, situation),
        decision=Decision(plan.commitment, plan.base, plan.points, tuple(one.key for one in plan.selected)),
        prediction=prediction(plan),
        strategies=tuple(
            Tried(step.name, step.version, step.arm, step.before, step.after) for step in plan.steps
        ),
        figures=plan.figures,
    )


def prediction(plan: Plan) -> Prediction:
    expected = plan.expected
    return Prediction(expected.p50, expected.p10, expected.p90, expected.p_commitment)


def _focus(items: Sequence[Item]) -> tuple[str, ...]:
    """Labels, the most frequent first."""
    counted = Counter(label for item in items for label in sorted(item.labels))
    return tuple(sorted(counted, key=lambda label: (-counted[label], label))[:_MOST_LABELS])


def _features(plan: Plan, situation: Situation) -> Features:
    capacity = plan.capacity
    velocities = [past.completed_points for past in situation.history[-_RECENT:]]
    return Features(
        team_size=len(capacity.people) or None,
        velocity=round(mean(velocities), 2) if velocities else None,
        availability=round(capacity.availability, 4),
        days_away=capacity.days_away,
        carry_over=_points(item for item in situation.candidates if item.carried),
        scope=_points(situation.candidates),
    )


def _points(items: Iterable[Item]) -> int:
    return sum(item.points or 0 for item in items)
