"""Why a sprint failed, as far as rules find it, and what the strategies of its plan did."""

from collections.abc import Iterator

from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import Line, Part
from scrum.memory.model import Arm, Context, Decision, Episode, Features, Outcome
from scrum.planning.model import Plan
from scrum.planning.remembering import prediction
from scrum.sprint.model import Sprint
from scrum.strategies.applying import Step
from scrum.strategies.detectors import findings
from scrum.text import named


def causes_part(material: Material) -> Part | None:
    """None where it has not failed, or runs still, or no plan says what was known of it."""
    if material.plan is None or material.sprint is None or material.runs:
        return None
    found = findings(_episode(material, material.plan, material.sprint), ())
    told = (
        Line(f"{one.cause}: {one.words}; against it one could try {named(one.strategy)}.") for one in found
    )
    return Part("Why, as rules find it from this sprint alone (n=1)", tuple(told))


def _episode(material: Material, plan: Plan, sprint: Sprint) -> Episode:
    known = plan.figures
    features = Features(
        availability=known.get("availability"),
        velocity=known.get("velocity"),
        carry_over=known.get("carry_over"),
    )
    figures = material.figures
    return Episode(
        plan=plan.id,
        project=plan.project,
        sprint=sprint.id,
        at=plan.created_at,
        context=Context(goal=plan.goal, features=features),
        decision=Decision(plan.commitment, plan.base, plan.points),
        prediction=prediction(plan),
        figures=known,
        outcome=Outcome(
            closed_at=sprint.closed_at or material.now,
            committed=figures.committed.points,
            completed=figures.completed.points,
            added=figures.added.points,
            removed=figures.removed.points,
            reestimated=figures.reestimated,
        ),
    )


def strategies_part(material: Material) -> Part:
    heading = "Strategies of its plan"
    plan = material.plan
    if plan is None:
        return Part(heading, (Line("No plan is known, so what strategies did is not known either."),))
    lines = [_line(material, plan, step) for step in plan.steps]
    if plan.unlearned:
        lines.append(Line(f"What was learned is not in it: {plan.unlearned}"))
    lines += _censored(material, plan)
    return Part(heading, tuple(lines) or (Line("None changed it."),), "list_strategies has all")


def _line(material: Material, plan: Plan, step: Step) -> Line:
    done = material.figures.completed.points
    name = f"{named(step.name)} (v{step.version})"
    if step.otherwise is None:
        return Line(f"{name}: {_arm(step)}; what the commitment would have been otherwise was not kept.")
    without = "without it" if step.arm is Arm.APPLIED else "with it"
    outcome = f"; {done} points were completed, {abs(plan.commitment - done)} off and {abs(step.otherwise - done)} off"
    told = f"{name}: {_arm(step)}. The commitment was {plan.commitment}, {without} {step.otherwise}{'' if material.runs else outcome}."
    return Line(told, {f"{named(step.name)} otherwise": step.otherwise, "commitment": plan.commitment})


def _arm(step: Step) -> str:
    match step.arm:
        case Arm.APPLIED:
            return "applied"
        case Arm.CONTROL:
            return "under test, and left out by the coin"
        case Arm.SHADOW:
            return "only watched"


def _censored(material: Material, plan: Plan) -> Iterator[Line]:
    """Who did all of a smaller commitment may have stopped there."""
    larger = any(step.otherwise is not None and step.otherwise > plan.commitment for step in plan.steps)
    if larger and not material.runs and not material.figures.remaining.items:
        yield Line("All of it was done, so that what a larger commitment had brought is not known.")
