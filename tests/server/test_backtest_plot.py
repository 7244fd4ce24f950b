"""Forecasts drawn beside what came."""

from dataclasses import replace
from io import BytesIO, TextIOWrapper

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from scrum_server.backtest.histories import TeamHistory
from scrum_server.backtest.measured import measure
from scrum_server.backtest.plot import Scale, draw, figure
from tests.server.backtests import measured, silently, sprints, table
from tests.situations import past

LEGEND = "━ 80 % interval (▶ goes on)   ┃ forecast   ● came, inside   ✗ came, outside"


def drawn(*points: float, name: str = "Sprint", encoding: str = "utf-8", width: int = 80) -> list[str]:
    """What a pipe gets."""
    named = tuple(replace(one, name=f"{name} {n}") for n, one in enumerate(past(*points)))
    told = measure([TeamHistory("web", named, tuple(map(float, range(len(points)))))], 5, silently)
    pipe = BytesIO()
    with TextIOWrapper(pipe, encoding=encoding) as out:
        draw(told.walked, Console(file=out, width=width, highlight=False, markup=False))
        out.flush()
        return pipe.getvalue().decode(encoding).splitlines()


def test_a_line_for_each_sprint_shows_interval_forecast_and_what_came() -> None:
    lines = drawn(*[40] * 5, 45, 200, 0)

    assert lines[1] == "web: the 80 % interval held 1 of 3"
    inside, above, below = lines[3:6]
    assert inside.split()[:4] == ["Sprint", "5", "40", "45"]
    assert inside.index("━") < inside.index("┃") < inside.index("●")
    assert (inside.endswith("━"), above.endswith("above"), below.endswith("below")) == (True, True, True)
    assert above.index("┃") < above.index("✗")
    assert below.index("✗") < below.index("━")
    assert lines[-1] == LEGEND


@settings(max_examples=25)
@given(
    st.lists(st.just(0.0) | st.floats(0.01, 1_000_000), min_size=6, max_size=12),
    st.text(st.characters(exclude_categories=["C", "Z"]), max_size=40),
)
def test_whatever_came_fits_80_columns_without_colour(points: list[float], name: str) -> None:
    lines = drawn(*points, name=name)

    assert max(map(cell_len, lines)) <= 80
    assert "\x1b" not in "".join(lines)
    assert len(lines) == len(points) - 5 + 5


@pytest.mark.parametrize("usual", [3, 3_000])
def test_the_scale_has_round_numbers_for_small_and_large_points(usual: int) -> None:
    ticks = [str(n * usual // 3) for n in range(5)]

    assert drawn(*[usual] * 50)[2].split() == ["told", "came", *ticks]


@given(st.just(0.0) | st.floats(1e-6, 1e9), st.integers(20, 90), st.floats(0, 1), st.floats(0, 1))
def test_a_scale_has_a_place_for_all_points_in_their_order(
    most: float, width: int, one: float, other: float
) -> None:
    scale = Scale.of(most, width)
    low, high = sorted((one * most, other * most))

    assert 0 <= scale.cell(low) <= scale.cell(high) < width
    assert scale.top >= most * (1 - 1e-9)
    assert 1 <= scale.ticks <= 6


def test_a_narrow_terminal_is_no_error() -> None:
    assert max(map(cell_len, drawn(*[30] * 9, width=10))) == 10


def test_an_interval_that_goes_on_beyond_the_scale_says_so() -> None:
    lines = drawn(30, 30, 30, 500, 30, *[30] * 20)

    assert any("▶" in line for line in lines[3:-2])


def test_where_only_ascii_is_known_the_marks_are_ascii() -> None:
    lines = drawn(*[40] * 5, 42, 400, name="A sprint of this name", encoding="ascii")

    assert lines[3].startswith("~this name 5 ")
    assert (lines[3][20:].count("o"), lines[4][20:].count("x")) == (1, 1)
    assert lines[-1] == "- 80 % interval (> goes on)   | forecast   o came, inside   x came, outside"


def test_each_team_has_a_plot_and_all_share_a_legend() -> None:
    pipe = BytesIO()
    with TextIOWrapper(pipe, encoding="utf-8") as out:
        told = measured(table(*sprints("web", 8), *sprints("app", 7, usual=900)))
        draw(told.walked, Console(file=out, width=80))
        out.flush()
        text = pipe.getvalue().decode()

    assert [line.partition(":")[0] for line in text.splitlines() if "held" in line] == ["app", "web"]
    assert text.count("goes on") == 1


@pytest.mark.parametrize(
    ("points", "text"),
    [(0, "0"), (0.125, "0.12"), (3.14, "3.1"), (19.96, "20"), (31.4, "31"), (3e6, "3000000")],
)
def test_figures_have_the_digits_that_matter(points: float, text: str) -> None:
    assert figure(points) == text
