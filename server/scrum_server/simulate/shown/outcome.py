"""How a sprint went: day by day, the burndown, the result against the prediction, and all sprints compared."""

from collections.abc import Sequence
from typing import Literal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from scrum_server.simulate.game.played import Closed, DayReport
from scrum_server.simulate.shown.burndown import plot
from scrum_server.simulate.shown.layout import facts, table
from scrum_tools.planning.decision import DecisionView
from scrum_tools.planning.plan_parts import ForecastView
from scrum_tools.sprints.parts import FiguresView
from scrum_tools.velocity import VelocityView

_BAR = 24
_DAY: tuple[tuple[int, Literal["left", "right"]], ...] = ((6, "left"), (4, "right"), (6, "right"))


def days_heading() -> RenderableType:
    return Group(
        Text("Day by day (simulated)", "bold"),
        _day(Text("day"), "left", "chance", "what happened", style="dim"),
    )


def day(report: DayReport) -> RenderableType:
    """What happened, and under it the risks that are new."""
    sprint = report.sprint
    chance = "" if sprint.chance_to_finish is None else f"{sprint.chance_to_finish:.0%}"
    what = Text(report.what)
    for risk in report.risks:
        what.append(f"\nRisk, {risk.level}: {risk.name}, {risk.evidence}", "yellow")
    return _day(f"{report.day:%a %d}", str(sprint.figures.remaining.points), chance, what)


def _day(*cells: RenderableType, style: str = "") -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    for width, justify in _DAY:
        grid.add_column(width=width, justify=justify, style=style)
    grid.add_column(style=style)
    grid.add_row(*cells)
    return grid


def result(closed: Closed) -> RenderableType:
    figures, forecast = closed.sprint.figures, closed.decision.plan.forecast
    return Group(
        Text("Burndown, in points at the end of each working day", "bold"),
        plot(closed.sprint.burndown),
        Text(),
        Text("Result", "bold"),
        facts(
            (
                "Predicted",
                f"{forecast.p50:.0f} points, 80% between {forecast.p10:.0f} and {forecast.p90:.0f}",
            ),
            ("Completed", _completed(closed.decision, figures)),
            ("Scope", _scope(figures)),
            ("Unfinished", ", ".join(closed.sprint.carried_over) or "nothing"),
            ("Velocity", _velocity(closed.velocity)),
        ),
    )


def _completed(decision: DecisionView, figures: FiguresView) -> Text:
    share = "" if figures.completion is None else f" ({figures.completion:.0%})"
    told = f"{figures.completed.points} points of {figures.committed.points} committed{share}: {_verdict(decision)}"
    return Text(told, "green" if decision.success else "yellow")


def _verdict(decision: DecisionView) -> str:
    inside = "inside the interval" if decision.within_interval else "outside the interval"
    return f"{inside}, {'a success (90% or more)' if decision.success else 'no success (under 90%)'}"


def _scope(figures: FiguresView) -> str:
    return (
        f"+{figures.added.points} points found in {figures.added.items} items, "
        f"{figures.reestimated:+d} re-estimated, -{figures.removed.points} removed"
    )


def _velocity(velocity: VelocityView) -> str:
    return f"{velocity.mean:.1f} points on average over {velocity.n} sprints: {velocities(velocity)}"


def velocities(velocity: VelocityView) -> str:
    return " ".join(f"{value.value:g}" for value in velocity.values)


def comparison(rounds: Sequence[Closed]) -> RenderableType:
    shown = table(
        "Forecast and outcome",
        "Sprint",
        "Avail.>",
        "Planned>",
        "Expected>",
        "80%",
        "Done>",
        "Error>",
        "Interval",
    )
    most = max(max(one.decision.plan.forecast.p90, one.sprint.figures.completed.points) for one in rounds)
    for one in rounds:
        plan, done = one.decision.plan, one.sprint.figures.completed.points
        forecast = plan.forecast
        shown.add_row(
            one.sprint.sprint,
            f"{plan.capacity.availability:.2f}",
            str(plan.points),
            f"{forecast.p50:.0f}",
            f"{forecast.p10:.0f}-{forecast.p90:.0f}",
            str(done),
            f"{round(done - forecast.p50):+d}",
            interval(forecast, done, most),
        )
    return Group(shown, Text("Interval: [ 80% of outcomes ], | expected, ● what came", "dim"), _score(rounds))


def interval(forecast: ForecastView, done: float, most: float) -> Text:
    """From 0 to `most`, as a line."""

    def place(points: float) -> int:
        return round(points / most * (_BAR - 1))

    line = [" "] * _BAR
    low, high = place(forecast.p10), place(forecast.p90)
    line[low : high + 1] = "-" * (high + 1 - low)
    line[low], line[high], line[place(forecast.p50)] = "[", "]", "|"
    line[place(done)] = "●"
    inside = forecast.p10 <= done <= forecast.p90
    return Text("".join(line), "green" if inside else "yellow")


def _score(rounds: Sequence[Closed]) -> Text:
    inside = sum(bool(one.decision.within_interval) for one in rounds)
    good = sum(bool(one.decision.success) for one in rounds)
    planned = sum(one.decision.plan.points for one in rounds)
    done = sum(one.sprint.figures.completed.points for one in rounds)
    return Text(
        f"{inside} of {len(rounds)} outcomes inside their interval; {good} of {len(rounds)} sprints completed 90% "
        f"or more; {done} points done where {planned} were planned, found work included."
    )


def explained(decision: DecisionView) -> RenderableType:
    """The end of the tool's own text: who decided, and what came of it."""
    *_, who, outcome = decision.text().splitlines()
    return Group(Text(decision.plan.reasoning), Text(who), Text(outcome))
