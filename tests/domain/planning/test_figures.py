"""The figures of a plan, by which conditions hold."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from scrum.backlog.dependencies import DependencyCycle
from scrum.backlog.model import Item
from scrum.planning.decide import decide
from scrum.planning.request import PlanRequest
from scrum.strategies.conditions import NAMES
from tests.situations import ANA, item, past, situation, team


def figures(items: Sequence[Item], **fields: Any) -> dict[str, float]:
    return decide(situation(items, **fields), PlanRequest(), ANA).figures


def test_every_name_of_a_condition_has_a_figure_where_all_is_known() -> None:
    known = figures([item(1)], history=past(40, 41, 42, 43, 44, committed_points=42))

    assert NAMES.keys() <= known.keys()


def test_figures_are_those_of_team_history_and_backlog() -> None:
    items = [item(1, 8), item(2, None), item(3, 5, depends_on=frozenset({"SHOP-1"})), item(4, 2, carried=1)]
    known = figures(
        items, team=team("Ana", "Bo", "Cy", "Di", away=["Di"]), history=past(*[40] * 6, committed_points=50)
    )

    assert (known["team_size"], known["availability"], known["days_away"], known["working_days"]) == (
        4,
        0.75,
        10,
        10,
    )
    assert (known["past_sprints"], known["completion"]) == (6, 0.8)
    assert known["velocity"] == pytest.approx(40, abs=0.5)
    assert (known["scope"], known["carry_over"], known["largest_item"]) == (15, 2, 8)
    assert (known["unestimated_share"], known["blocked_share"], known["longest_chain"]) == (0.25, 0, 2)
    assert (known["largest_planned"], known["chain_planned"], known["unestimated_planned"]) == (8, 2, 0)


def test_what_is_not_known_has_no_figure() -> None:
    known = figures([item(1)], history=(), team=replace(team(), members=()))

    assert {"completion", "team_size"}.isdisjoint(known)


def test_a_long_chain_is_measured_at_once() -> None:
    chain = [item(n, 1, depends_on=frozenset({f"SHOP-{n - 1}"} if n > 1 else ())) for n in range(1, 3001)]

    assert figures(chain)["longest_chain"] == 3000


def test_a_circle_is_still_told_as_one() -> None:
    circle = [item(1, depends_on=frozenset({"SHOP-2"})), item(2, depends_on=frozenset({"SHOP-1"}))]

    with pytest.raises(DependencyCycle):
        figures(circle)
