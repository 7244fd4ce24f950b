"""Histories for backtests, and their figures by another way than ours."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path
from random import Random
from statistics import fmean
from typing import TypeVar

from scrum_server.backtest.histories import COLUMNS, TeamHistory, histories_of
from scrum_server.backtest.measured import Measured, measure
from scrum_server.imports.columns import mapped, scored
from scrum_server.imports.csv_file import sheet_of

HEADER = "team,seq,sprint_name,days,members,committed_points,added_points,removed_points,completed_points"
FIGURES = ("macro_error", "coverage", "interval_score", "brier")
T = TypeVar("T")
Rows = list[dict[str, str]]


def table(*rows: Sequence[object], header: str = HEADER) -> str:
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


def sprints(team: str, count: int, *, usual: float = 30, committed: bool = True) -> list[list[object]]:
    """Rows below HEADER, always the same; every third one has no commitment, every fourth no heads."""
    chance = Random(f"{team} {count}")
    return [
        [
            team,
            seq,
            f"Sprint {seq}",
            14,
            "" if seq % 4 == 0 else 5,
            round(usual * chance.uniform(0.8, 1.4)) if committed and seq % 3 else "",
            chance.randrange(9),
            chance.randrange(5),
            round(usual * chance.uniform(0.5, 1.3), 1),
        ]
        for seq in range(1, count + 1)
    ]


def read(text: str, *teams: str, mapping: Sequence[str] = ()) -> list[TeamHistory]:
    chosen = mapped(mapping, COLUMNS)
    return histories_of(sheet_of(text, scored(COLUMNS, chosen)), chosen, teams, list, alone="file")


def silently(each: Iterable[T]) -> Iterator[T]:
    return iter(each)


def measured(text: str, *, least: int = 5) -> Measured:
    return measure(read(text), least, silently)


def rows_of(path: Path) -> Rows:
    return list(csv.DictReader(StringIO(path.read_text(encoding="utf-8"))))


def recomputed(forecasts: Rows, history: Rows) -> dict[str, float]:
    """The four figures, from the two files and their definitions alone."""
    came = {(row["team"], float(row["seq"])): row for row in history}
    teams: dict[str, list[tuple[float, float]]] = defaultdict(list)
    scores: list[float] = []
    held: list[bool] = []
    brier: list[float] = []
    for row in forecasts:
        sprint = came[row["team"], float(row["seq"])]
        done, low, high = float(sprint["completed_points"]), float(row["low80"]), float(row["high80"])
        teams[row["team"]].append((abs(float(row["point"]) - done), done))
        held.append(low <= done <= high)
        scores.append(high - low + 10 * (low - done if done < low else done - high if done > high else 0))
        if sprint["committed_points"]:
            met = done >= float(sprint["committed_points"])
            brier.append((float(row["p_commitment"]) - met) ** 2)
        else:
            assert not row["p_commitment"]
    ratios = [
        sum(error for error, _ in pairs) / sum(done for _, done in pairs)
        for pairs in teams.values()
        if sum(done for _, done in pairs)
    ]
    return dict(zip(FIGURES, (fmean(ratios), fmean(held), fmean(scores), fmean(brier)), strict=True))
