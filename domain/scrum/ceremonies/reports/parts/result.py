"""What a sprint came to: committed and completed, what was expected, and what that does to the forecast."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from statistics import median

from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.reports.paper.sheet import Line
from scrum.ceremonies.reports.paper.words import number, told_amount
from scrum.forecasting.coming import conditions
from scrum.forecasting.next_sprint import forecast
from scrum.sprint.ledger import GOOD_SHARE
from scrum.sprint.model import Sprint
from scrum.sprint.velocity import PastSprint, Unit, past_sprint, velocity
from scrum.team.usecases import next_capacity

WINDOW = 5
"""Past sprints that this one is compared with."""


def committed_line(material: Material) -> Line:
    figures, completion = material.figures, material.figures.completion
    committed, done = figures.committed, figures.completed
    share = "no points were committed" if completion is None else f"{completion:.0%} of the commitment"
    told = f"Committed: {told_amount(committed)}. Completed: {told_amount(done)}: {share}."
    known = {} if completion is None else {"completion": completion}
    return Line(
        told,
        {
            "committed points": committed.points,
            "committed items": committed.items,
            "completed points": done.points,
            "completed items": done.items,
            **known,
        },
    )


def success_line(material: Material) -> Line:
    completion = material.figures.completion
    if completion is None:
        return Line("Whether it is a success is not known: no points were committed.")
    verdict = "a success" if completion >= GOOD_SHARE else "no success"
    return Line(f"By the measure of {GOOD_SHARE:.0%} of the commitment it is {verdict}.")


def running_line(material: Material) -> Iterator[Line]:
    """In the place of all that cannot be said before work on the sprint is over."""
    if material.runs:
        yield Line(
            "The sprint runs still: when its work is over, this says whether it is a success, why not, and what it does to "
            "velocity and forecast."
        )


def expected_line(material: Material) -> Line:
    """Prediction and outcome."""
    expected = material.sprint.prediction if material.sprint else None
    done = material.figures.completed.points
    if expected is None:
        return Line("Nothing was predicted: the sprint has no plan with a forecast.")
    inside = "inside" if expected.low <= done <= expected.high else "outside"
    outcome = f"Completed so far: {done}" if material.runs else f"Completed: {done}, {inside} that interval"
    told = (
        f"Predicted at the planning: {number(expected.points)} points, 80% between {number(expected.low)} and "
        f"{number(expected.high)}, chance to meet the commitment {expected.p_commitment:.0%}. {outcome}."
    )
    return Line(
        told,
        {
            "predicted points": expected.points,
            "predicted low": expected.low,
            "predicted high": expected.high,
            "predicted chance": expected.p_commitment,
        },
    )


def velocity_lines(material: Material) -> Iterator[Line]:
    """Before this sprint, and with it."""
    for words, history in _histories(material):
        told = velocity(history, Unit.POINTS_PER_SPRINT, window=WINDOW)
        if told.mean is None or told.median is None:
            yield Line(f"{words}: no past sprint, so no velocity.")
            continue
        spread = f", spread {number(told.spread)}" if told.spread is not None else ""
        name = words.lower()
        yield Line(
            f"{words}: velocity {number(told.mean)} points a sprint (mean), {number(told.median)} (median){spread}, "
            f"n={told.n} ({', '.join(told.n_by_source)}).",
            {
                f"velocity mean {name}": told.mean,
                f"velocity median {name}": told.median,
                f"velocity n {name}": told.n,
            },
        )


def _histories(material: Material) -> Iterator[tuple[str, tuple[PastSprint, ...]]]:
    """Work that goes on is no past."""
    if material.sprint is None:
        return
    yield "Before it", material.history
    if not material.runs:
        yield "With it", with_it(material, material.sprint)


def with_it(material: Material, sprint: Sprint) -> tuple[PastSprint, ...]:
    """The history as it is once this sprint is closed with what it has now."""
    ended = sprint.ended_at or material.now
    worked = len(material.calendar.working_days(sprint.start, material.calendar.day_of(ended)))
    planned = len(material.calendar.working_days(sprint.start, sprint.planned_end or sprint.end))
    return (*material.history, past_sprint(sprint, material.figures, worked, planned))


def forecast_lines(material: Material) -> Iterator[Line]:
    """Of the next sprint, under the same conditions, before this sprint was known and after."""
    sprint = material.sprint
    if sprint is None:
        return
    first = material.calendar.working_day_from(max(material.today, sprint.end) + timedelta(1))
    asked = conditions(next_capacity(material.project, material.team, first))
    notes: tuple[str, ...] = ()
    for words, history in _histories(material):
        told = forecast(history, asked)
        low, high = told.interval(0.8)
        name, notes = words.lower(), told.notes
        yield Line(
            f"{words}: the next sprint is expected to complete {number(told.median)} points, 80% between {number(low)} "
            f"and {number(high)} (n={told.n}, evidence {told.evidence}).",
            {
                f"forecast {name}": told.median,
                f"forecast low {name}": low,
                f"forecast high {name}": high,
                f"forecast n {name}": told.n,
            },
        )
    yield from map(Line, notes)


def shares_completed(history: Sequence[PastSprint]) -> list[float]:
    """Of the commitments of the last WINDOW sprints that had one."""
    known = [past.completed_points / past.committed_points for past in history if past.committed_points]
    return known[-WINDOW:]


def usual_completed(history: Sequence[PastSprint]) -> tuple[float, int] | None:
    """The median of completed points, and of how many sprints."""
    points = [past.completed_points for past in history[-WINDOW:]]
    return (median(points), len(points)) if points else None
