"""Sprint planning: the plan that the sprint rests on, or what is missing to plan."""

from collections.abc import Iterator

from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import FACTS, Line, Part, lines, sheet
from scrum.ceremonies.reports.paper.words import LONG, keys, moment, number, real_moment
from scrum.ceremonies.reports.parts.dangers import back_on
from scrum.chronicle.reports import Report
from scrum.forecasting.model import ENOUGH, Evidence
from scrum.planning.consent import approval_needed
from scrum.planning.model import Chosen, Plan
from scrum.team.capacity import PersonCapacity
from scrum.text import are, cleaned, counted, named, quoted, shortened, sized

APPROVAL = "Approval"
_PREVIEW = "A preview, not kept"
_EXPLAINED = "explain_decision has all"


def planning(material: Material) -> Report:
    title = f"Sprint planning of {material.sprint_id}, {moment(material, material.now)}"
    if material.plan is None:
        return sheet(material, title, [Part("What is missing to plan", tuple(_missing(material)))])
    plan = material.plan
    parts = [
        Part("Plan", tuple(_plan(material, plan)), least=FACTS),
        Part("Forecast", tuple(_forecast(plan)), least=FACTS),
        Part("Capacity", tuple(_capacity(plan))),
        Part("Items", tuple(_item(one) for one in plan.selected), _EXPLAINED),
        Part("Risks", tuple(Line(f"{risk.level}: {risk.name}, {risk.evidence}.") for risk in plan.risks)),
        Part("Left out", tuple(_left_out(plan)), _EXPLAINED),
        Part(APPROVAL, lines(_approval(material, plan))),
    ]
    return sheet(material, title, parts)


def _plan(material: Material, plan: Plan) -> Iterator[Line]:
    goal = material.sprint.goal if material.sprint else plan.goal
    yield Line(f"Goal: {quoted(goal, LONG)}." if goal else "Goal: none is set.")
    yield Line(
        f"{plan.id or _PREVIEW}, made {real_moment(material, plan.created_at)}: {plan.start} to {plan.end}."
    )
    more = f" (aimed at {plan.commitment})" if plan.points != plan.commitment else ""
    told = f"{counted(len(plan.selected), 'item')} with {counted(plan.points, 'point')}{more}."
    figures = {
        "planned items": len(plan.selected),
        "planned points": plan.points,
        "commitment": plan.commitment,
    }
    yield Line(told, figures)
    if plan.unassigned:
        yield Line(
            f"Without an assignee: {keys(plan.unassigned)}.", {"unassigned items": len(plan.unassigned)}
        )
    if plan.unlearned:
        yield Line(f"What was learned is not in it: {plan.unlearned}")


def _forecast(plan: Plan) -> Iterator[Line]:
    expected = plan.expected
    source = f" ({', '.join(expected.sources)})" if expected.sources else ""
    basis = f"{counted(expected.n, 'past sprint')}{source}, evidence {expected.evidence}"
    yield Line(
        f"{number(expected.p50)} points are as likely as not, 80% between {number(expected.p10)} and "
        f"{number(expected.p90)}; from {basis}.",
        {"p10": expected.p10, "p50": expected.p50, "p90": expected.p90, "past sprints": expected.n},
    )
    yield Line(
        f"Chance to complete all of it {expected.p_commitment:.0%}, at least 90% of its points {plan.confidence:.0%}.",
        {"chance of all": expected.p_commitment, "chance of 90%": plan.confidence},
    )
    yield from (Line(note) for note in expected.notes)


def _capacity(plan: Plan) -> Iterator[Line]:
    capacity = plan.capacity
    if not capacity.people:
        yield Line("No team is recorded, so hours are not counted.")
        return
    yield Line(
        f"{counted(len(capacity.people), 'person')}, {counted(capacity.working_days, 'working day')}, "
        f"{number(capacity.hours)} h; availability {capacity.availability:.0%}.",
        {
            "people": len(capacity.people),
            "working days": capacity.working_days,
            "hours": capacity.hours,
            "availability": capacity.availability,
        },
    )
    yield from (_away(person) for person in capacity.people if person.days_away)


def _away(person: PersonCapacity) -> Line:
    told = f"{named(person.name)} is away for {number(person.days_away)} working days."
    return Line(told, {f"{named(person.name)} days away": person.days_away})


def _item(one: Chosen) -> Line:
    whose = f", {named(one.assignee)}" if one.assignee else ""
    why = shortened(cleaned(one.why), LONG)
    return Line(f"{one.key} {quoted(one.title, 50)}, {sized(one.points)}{whose}: {why}.")


def _left_out(plan: Plan) -> Iterator[Line]:
    if plan.left_out_count:
        told = f"{are(plan.left_out_count, 'item')} left out."
        yield Line(told, {"items left out of the plan": plan.left_out_count})


def _approval(material: Material, plan: Plan) -> str:
    if plan.sprint:
        whose = material.sprint.committed_by if material.sprint and material.sprint.id == plan.sprint else ""
        return f"It was committed as {plan.sprint}{f' by {named(whose)}' if whose else ''}."
    if material.now >= plan.expires_at:
        return f"It expired {real_moment(material, plan.expires_at)}: call plan_sprint again."
    why = approval_needed(material.project, plan)
    then = "commit_plan commits it" if plan.id else "plan_sprint makes one that can be committed"
    return f"Needed: {why}. {then}." if why else f"None is needed: {then}."


def _missing(material: Material) -> Iterator[Line]:
    """What stands against a plan, or would make it worse."""
    if material.sprint is not None:
        yield Line(
            f"{material.sprint.id} is {material.sprint.state.words}; it was made without a plan that is known."
        )
    elif material.open_sprint:
        yield Line(f"{material.open_sprint} is open: a project has one open sprint.")
    free = [item for item in material.backlog if not item.sprint]
    unknown = [item.key for item in free if item.points is None]
    blocked = [item.key for item in free if item.block]
    if not free:
        yield Line("The backlog has no open item that is in no sprint: call add_items.")
    if unknown:
        told = f"{are(len(unknown), 'item', of=len(free))} without points: {keys(unknown)}."
        yield Line(told, {"items without points": len(unknown), "free items": len(free)})
    if blocked:
        yield Line(f"{are(len(blocked), 'item')} blocked: {keys(blocked)}.", {"blocked items": len(blocked)})
    yield from _people(material)
    yield from _history(material)
    yield Line("No plan is there: plan_sprint makes one.")


def _people(material: Material) -> Iterator[Line]:
    if not material.team.names:
        yield Line("No team is recorded: call set_team; without it hours and absences are not counted.")
    away = [
        Line(f"{named(name)}: {told}") for name in material.team.names if (told := back_on(material, name))
    ]
    yield from away


def _history(material: Material) -> Iterator[Line]:
    n = len(material.history)
    if n < ENOUGH:
        evidence = Evidence.of(n)
        yield Line(
            f"Evidence is {evidence}: {counted(n, 'past sprint')}, {ENOUGH} make it fair.",
            {"past sprints": n},
        )
