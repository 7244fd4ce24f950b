"""`scrum-mcp backtest --learning`: figures, verdict, and what cannot be asked for with it."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from scrum.strategies.worth import OURS, OWN, PLAIN, RECENT, Worth
from scrum_server.backtest.learning import NoCommitments, learning_document, measure_learning, show_learning
from tests.server.backtests import read, silently, sprints, table
from tests.server.commands import scrum_mcp

TEAMS = table(*sprints("web", 14), *sprints("app", 9, usual=300), *sprints("new", 3))


@pytest.fixture
def history(tmp_path: Path) -> Path:
    path = tmp_path / "teams.csv"
    path.write_text(TEAMS, encoding="utf-8")
    return path


def measured(text: str = TEAMS) -> Worth:
    return measure_learning(read(text), 5, silently)


def shown(told: Worth) -> str:
    out = StringIO()
    show_learning(told, "teams.csv", Console(file=out, width=200, highlight=False))
    return out.getvalue()


def test_it_tells_each_commitment_and_the_uncertainty_over_teams() -> None:
    told = shown(measured())

    assert all(name in told for name in (OURS, PLAIN, OWN, RECENT))
    assert "8 sprints of 2 teams, planned at 50%" in told
    assert "within 90-110 %" in told
    assert "with 80% of what other teams would show" in told
    assert "Confidence to complete 90 %" in told


def test_where_learning_does_not_beat_the_plan_without_it_this_is_said_first() -> None:
    told = measured()

    verdict = learning_document(told, "teams.csv")["notes"][0]

    assert verdict.startswith("Learning pays" if told.pays else "Learning does not beat the plan without it")
    assert "the default stays without" in verdict or told.pays


def test_a_history_without_commitments_is_refused_with_what_is_missing() -> None:
    with pytest.raises(NoCommitments, match="committed_points"):
        measured(table(*sprints("web", 14, committed=False)))


async def test_the_command_prints_json_with_every_figure(history: Path) -> None:
    answer = await scrum_mcp("backtest", "--learning", "--json", "--history", str(history))

    told = json.loads(answer.out)
    assert (answer.status, answer.err) == (0, "")
    assert told["n"] == sum(bin_["n"] for bin_ in told["bins"])
    assert [line["commitment"] for line in told["lines"]] == [OURS, PLAIN, OWN, RECENT]


async def test_forecasts_are_neither_written_nor_drawn_with_it(history: Path, tmp_path: Path) -> None:
    answer = await scrum_mcp(
        "backtest", "--learning", "--history", str(history), "--out", str(tmp_path / "out.csv")
    )

    assert answer.status == 2
    assert "leave them out with --learning" in answer.err
    assert not (tmp_path / "out.csv").exists()
