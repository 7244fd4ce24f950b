"""The reasoning of a plan in words, composed from its facts alone."""

from scrum.forecasting.model import Evidence
from scrum.planning.model import Plan
from scrum.sprint.risk import Level, Risk

_MOST_RISKS = 3


def reasoning(plan: Plan) -> str:
    """Short sentences: capacity, forecast, decision, chances, risks."""
    parts = [_capacity(plan), _forecast(plan), promise(plan), _risks(plan)]
    return " ".join(part for part in parts if part)


def promise(plan: Plan) -> str:
    """What whoever agrees to the plan has to know: the commitment, and its chances."""
    return f"{_decision(plan)} {_chances(plan)}"


def told_risks(plan: Plan) -> list[Risk]:
    """Those that the reasoning names, the highest first."""
    return [risk for risk in plan.risks if risk.level is not Level.LOW][:_MOST_RISKS]


def _capacity(plan: Plan) -> str:
    capacity = plan.capacity
    if not capacity.people:
        return f"{capacity.working_days} working days; no team is recorded, so hours are not counted."
    away = f", {capacity.away_hours:g} h away" if capacity.away_hours else ""
    return (
        f"{len(capacity.people)} people have {capacity.gross_hours:g} h in {capacity.working_days} working days"
        f"{away}: availability {capacity.availability:.2f}."
    )


def _forecast(plan: Plan) -> str:
    expected = plan.expected
    if expected.evidence is Evidence.NONE:
        return expected.notes[0]
    source = " and ".join(expected.sources)
    return (
        f"{expected.n} past sprints ({source}) make {expected.p50:.0f} points as likely as not; "
        f"80% of outcomes lie between {expected.p10:.0f} and {expected.p90:.0f}."
    )


def _decision(plan: Plan) -> str:
    aimed = f"At {plan.target_confidence:.0%} confidence the commitment is {plan.commitment} points"
    steps = "".join(f"; {step.name} makes {step.before} into {step.after}" for step in plan.steps)
    proof = "the best choice there is" if plan.optimal else f"within {plan.gap:.1%} of the best choice"
    return f"{aimed}{steps}. {len(plan.selected)} items with {plan.points} points are selected, {proof}."


def _chances(plan: Plan) -> str:
    return (
        f"Chance to complete all of them {plan.expected.p_commitment:.0%}, at least 90% of them "
        f"{plan.confidence:.0%}."
    )


def _risks(plan: Plan) -> str:
    return " ".join(f"Risk ({risk.level}): {risk.name}, {risk.evidence}." for risk in told_risks(plan))
