"""What a simulation says: of each sprint its plan, its burndown, its ceremonies and its result; and what it came to."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from scrum.ceremonies.occurrence import Status
from scrum.text import counted
from scrum_server.simulate.game.occasions import Occasion, by_kind, wrong
from scrum_server.simulate.game.played import Closed, Played
from scrum_server.simulate.invented.course import MARK
from scrum_server.simulate.options import Options
from scrum_server.simulate.shown.layout import facts, table
from scrum_server.simulate.shown.outcome import comparison, result, velocities
from scrum_server.simulate.shown.score import Calibration
from scrum_tools.planning.plan import PlanView

_LINES = 30


def opening(options: Options, stays: str) -> RenderableType:
    return Group(
        Rule("scrum-mcp simulate", align="left"),
        Text(
            f"\nThe team, its work and its progress are {MARK}. Plans, forecasts, ceremonies and figures are the "
            f"server's own, through an MCP client over stdio, on a virtual clock and a data folder that {stays}.\n"
        ),
        Text(f"scrum-mcp simulate {options.told()}", "dim"),
    )


def sprint(played: Played) -> RenderableType:
    closed = played.closed
    return Group(
        heading(f"{closed.sprint.sprint} ({MARK}), {closed.sprint.start} to {closed.sprint.end}"),
        _plan(played.plan),
        Text(),
        result(closed),
        Text(),
        *_daily(played),
        ceremonies(closed),
    )


def _plan(plan: PlanView) -> Table:
    forecast = plan.forecast
    what = (
        f"{plan.goal}: {counted(plan.points, 'point')} in {counted(plan.selected_count, 'item')}, availability "
        f"{plan.capacity.availability:.2f}; {forecast.p50:.0f} expected, 80% between {forecast.p10:.0f} and "
        f"{forecast.p90:.0f}, from {counted(forecast.n, 'sprint')}"
    )
    return facts(("Plan", what))


def _daily(played: Played) -> Sequence[RenderableType]:
    """Of the first daily scrum with more to talk about than work done."""
    report = next((day.daily for day in played.days if day.daily), None)
    if report is None:
        return []
    lines = report.text().splitlines()
    rest = len(lines) - _LINES
    more = [f"and {counted(rest, 'more line')}"] if rest > 0 else []
    return [Text(f"A daily scrum ({MARK})", "bold"), Text("\n".join([*lines[:_LINES], *more])), Text()]


def ceremonies(closed: Closed) -> RenderableType:
    shown = table(f"Ceremonies ({MARK}), as they became due", "Due", "Ceremony", "State", "Why")
    for one in closed.occasions:
        shown.add_row(f"{one.at:%a %d %H:%M}", one.ceremony, one.status, one.why)
    return Group(shown, Text(f"{_pace(closed)}{closed.how}", "dim"))


def _pace(closed: Closed) -> str:
    scale = closed.sprint.time_scale
    return (
        f"Time runs {scale:g} times faster for the project: days and times are its own. "
        if scale != 1
        else ""
    )


def ending(rounds: Sequence[Closed]) -> RenderableType:
    occasions = [occasion for one in rounds for occasion in one.occasions]
    velocity = rounds[-1].velocity
    return Group(
        heading(f"Afterwards ({MARK})"),
        comparison(rounds),
        Text(),
        facts(
            (
                "Velocity",
                f"{velocity.mean or 0:.1f} points on average over {velocity.n}: {velocities(velocity)}",
            ),
            ("Calibration", _calibration(Calibration.of(rounds))),
            ("Ceremonies", _once(occasions)),
        ),
        Text(),
        _kinds(occasions),
    )


def _calibration(it: Calibration) -> str:
    return (
        f"{it.inside} of {it.n} outcomes inside their 80% interval; {it.error:.1f} points from the expected on "
        f"average, {it.bias:+.1f} with their sign; all of the commitment was expected with {it.promised:.0%} on "
        f"average, and came in {it.kept} of {it.n}"
    )


def _once(occasions: Sequence[Occasion]) -> Text:
    if others := wrong(occasions):
        return Text(f"{len(occasions)} became due; not delivered once: {', '.join(others)}", "red")
    return Text(f"{len(occasions)} became due, and each was delivered once", "green")


def _kinds(occasions: Sequence[Occasion]) -> Table:
    shown = table("Ceremonies by kind", "Ceremony", "Due>", "Delivered>", "Held>", "Skipped>", "Failed>")
    for kind in by_kind(occasions):
        told = (kind.states[state] for state in (Status.HELD, Status.SKIPPED, Status.FAILED))
        shown.add_row(kind.ceremony, *map(str, (kind.due, kind.deliveries, *told)))
    return shown


def heading(title: str) -> RenderableType:
    return Group(Text(), Rule(title, align="left"), Text())
