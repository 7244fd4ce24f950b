"""The reasoning of a plan in words, composed from its facts alone."""

from scrum.forecasting.model import Evidence
from scrum.memory.model import Arm
from scrum.planning.model import Plan
from scrum.sprint.risk import Level, Risk
from scrum.strategies.applying import Step
from scrum.text import counted, named

_MOST_RISKS = 3


def reasoning(plan: Plan) -> str:
    """Short sentences: the sprint and its capacity, forecast, decision, chances, risks."""
    return f"{opening(plan)} {promise(plan)}"


def opening(plan: Plan) -> str:
    """When the sprint is and who is there. There is no text of people in it."""
    return f"The sprint is from {plan.start} to {plan.end}. {_capacity(plan)}"


def promise(plan: Plan) -> str:
    """What whoever agrees to the plan has to know: forecast, commitment, chances, risks."""
    unlearned = [f"What was learned is not in it: {plan.unlearned}"] if plan.unlearned else []
    risks = map(_risk, _told_risks(plan))
    return " ".join([_forecast(plan), _decision(plan), *unlearned, _chances(plan), *risks])


def _capacity(plan: Plan) -> str:
    capacity = plan.capacity
    days = counted(capacity.working_days, "working day")
    if not capacity.people:
        return f"It has {days}; no team is recorded, so hours are not counted."
    away = f", {capacity.away_hours:g} h away" if capacity.away_hours else ""
    return (
        f"It has {counted(len(capacity.people), 'person')}, {days} and {capacity.gross_hours:g} h{away}: "
        f"availability {capacity.availability:.2f}."
    )


def _forecast(plan: Plan) -> str:
    expected = plan.expected
    return (
        f"{_source(plan)}, {counted(round(expected.p50), 'point')} or more are as likely as not; 80% of outcomes lie "
        f"between {expected.p10:.0f} and {expected.p90:.0f}."
    )


def _source(plan: Plan) -> str:
    expected = plan.expected
    if expected.evidence is Evidence.NONE:
        return "Without a past sprint, going by what teams complete on average, which differs widely"
    return f"Going by {counted(expected.n, 'past sprint')} ({' and '.join(expected.sources)})"


def _decision(plan: Plan) -> str:
    aimed = (
        f"At {plan.target_confidence:.0%} confidence the commitment is {counted(plan.commitment, 'point')}"
    )
    steps = "".join(map(_step, plan.steps))
    items = f"{counted(len(plan.selected), 'item')} with {counted(plan.points, 'point')}"
    return f"{aimed}{steps}. Selected: {items}, {_why(plan)}."


def _step(step: Step) -> str:
    """Empty for one that is only watched, or changes no points."""
    match step.arm:
        case Arm.APPLIED if step.before != step.after:
            return f"; {named(step.name)} makes {step.before} into {step.after}"
        case Arm.CONTROL if step.before != step.after:
            return f"; the coin left out {named(step.name)}, which would make {step.before} into {step.after}"
        case _:
            return ""


def _why(plan: Plan) -> str:
    """Only what has to be in goes beyond the commitment."""
    if plan.points > plan.commitment:
        return (
            "more than the commitment, because items were promised or asked for, or are needed by such items"
        )
    return "the best choice there is" if plan.optimal else f"within {plan.gap:.1%} of the best choice"


def _chances(plan: Plan) -> str:
    return (
        f"Chance to complete all of it {plan.expected.p_commitment:.0%}, at least 90% of its points "
        f"{plan.confidence:.0%}."
    )


def _told_risks(plan: Plan) -> list[Risk]:
    """The highest first."""
    return [risk for risk in plan.risks if risk.level is not Level.LOW][:_MOST_RISKS]


def _risk(risk: Risk) -> str:
    return f"Risk ({risk.level}): {risk.name}, {risk.evidence}."
