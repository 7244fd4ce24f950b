"""How a plan is shown: the decision with its reasons, what goes in, what stays out, and the risks."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from scrum_server.simulate.shown.layout import facts, table
from scrum_tools.planning.plan import PlanView
from scrum_tools.planning.plan_parts import ForecastView, LeftOutView
from scrum_tools.project import CapacityView

_NEAREST, _MOST = 4, 6
_RISK = {"high": "red", "medium": "yellow", "low": "green"}


def shown(plan: PlanView) -> RenderableType:
    return Group(_decision(plan), Text(), _selected(plan), Text(), *_left_out(plan))


def _decision(plan: PlanView) -> Table:
    return facts(
        ("Goal", plan.goal),
        ("Capacity", _capacity(plan.capacity)),
        ("Forecast", _forecast(plan.forecast)),
        ("Commitment", f"{plan.commitment} points, at {plan.target_confidence:.0%} confidence"),
        *(
            ("Strategy", f"{step.strategy}: {step.before} -> {step.after} points, {step.why}")
            for step in plan.strategies
        ),
        ("Or else", ", ".join(f"{a.name} {a.points} ({a.confidence:.0%})" for a in plan.alternatives)),
        (
            "Chances",
            f"all of it {plan.forecast.p_commitment:.0%}, at least 90% of it {plan.confidence:.0%}",
        ),
        *(
            (f"Risk, {risk.level}", Text(f"{risk.name}: {risk.evidence}", _RISK[risk.level]))
            for risk in plan.risks
        ),
    )


def _capacity(it: CapacityView) -> str:
    away = f", -{it.away_hours:g} h" if it.away_hours else ""
    return f"{it.gross_hours:g} h{away}: {it.hours:g} h, availability {it.availability:.2f}"


def _forecast(it: ForecastView) -> str:
    sources = " and ".join(it.sources) or "none of its own"
    return (
        f"{it.p50:.0f} points as likely as not, 80% between {it.p10:.0f} and {it.p90:.0f}, "
        f"from {it.n} past sprints ({sources})"
    )


def _selected(plan: PlanView) -> Table:
    proof = "the best choice there is" if plan.optimal else f"within {plan.gap:.1%} of the best choice"
    title = f"Selected: {plan.selected_count} items, {plan.points} points, {proof}"
    shown = table(title, "Item", "Pts>", "Title", "Who", "Why")
    for one in plan.selected:
        shown.add_row(one.item, _points(one.points), one.title, one.assignee or "-", one.why)
    return shown


def _left_out(plan: PlanView) -> Sequence[RenderableType]:
    if not plan.left_out:
        return []
    telling = _telling(plan.left_out)
    shown = table(f"Left out: {plan.left_out_count} items", "Item", "Pts>", "Title", "Why")
    for one in telling:
        shown.add_row(one.item, _points(one.points), one.title, one.why)
    rest = plan.left_out_count - len(telling)
    return [shown, *([Text(f"and {rest} more", "dim")] if rest else [])]


def _telling(left_out: Sequence[LeftOutView]) -> list[LeftOutView]:
    """The first few, and the first of each other kind of reason."""
    first = list(left_out[:_NEAREST])
    kinds = {_kind(one) for one in first}
    for one in left_out[_NEAREST:]:
        if _kind(one) not in kinds and len(first) < _MOST:
            kinds.add(_kind(one))
            first.append(one)
    return first


def _kind(one: LeftOutView) -> str:
    return one.why.partition(" ")[0]


def _points(points: int | None) -> str:
    return "?" if points is None else str(points)
