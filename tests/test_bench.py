"""A benchmark says which targets it met, and its status tells a program."""

import csv
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.targets import Target, at_least, at_most, conclude

FORECAST, LEARNING, CLOSENESS = (
    Path(__file__).parent.parent / "bench" / f"{name}.py" for name in ("forecast", "learning", "closeness")
)
MET, MISSED = [at_most("seconds", 1.5, 1.5), at_least("rate", 0.35, 0.35)], [at_least("rate", 0.34, 0.35)]


@pytest.mark.parametrize(("targets", "status"), [(MET, 0), (MISSED, 1), ([*MISSED, *MET], 1)])
def test_one_missed_target_is_status_1(targets: Sequence[Target], status: int) -> None:
    with pytest.raises(SystemExit) as ended:
        conclude(targets)

    assert ended.value.code == status


def test_each_target_is_told_with_what_was_seen_and_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        conclude([*MET, *MISSED])

    assert capsys.readouterr().out.splitlines() == [
        "",
        "met     seconds: 1.5, wanted at most 1.5",
        "met     rate: 0.35, wanted at least 0.35",
        "MISSED  rate: 0.34, wanted at least 0.35",
        "1 of 3 targets missed",
    ]


def history_in(folder: Path, **more: int) -> Path:
    rows = [{"team": "A", "seq": n, "days": 14, "completed_points": 20 + n % 2, **more} for n in range(12)]
    history = folder / "history.csv"
    with history.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return history


def run(script: Path, history: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(script), str(history)],
        check=False, capture_output=True, text=True, timeout=60, cwd=history.parent,
    )  # fmt: skip


def test_a_benchmark_runs_from_anywhere_and_ends_with_its_verdict(tmp_path: Path) -> None:
    done = run(FORECAST, history_in(tmp_path))

    verdict = done.stdout.splitlines()[-1]
    assert verdict.endswith("of 2 targets missed"), done.stderr
    assert done.returncode == (not verdict.startswith("0 "))


def test_the_benchmark_of_learning_says_whether_it_pays_or_what_is_missing(tmp_path: Path) -> None:
    done = run(LEARNING, history_in(tmp_path, committed_points=21))
    lacking = run(LEARNING, history_in(tmp_path))

    assert "the default stays without" in done.stdout, done.stderr
    assert done.stdout.splitlines()[-1] == "0 of 0 targets missed"
    assert lacking.returncode == 1
    assert "committed_points" in lacking.stderr


def test_the_benchmark_of_closeness_shows_every_rule_or_what_is_missing(tmp_path: Path) -> None:
    done = run(CLOSENESS, history_in(tmp_path, committed_points=21))
    lacking = run(CLOSENESS, history_in(tmp_path))

    rules = ("teams' own", "mean of last 3", "median", "closest", "own known", "stops known")
    assert all(rule in done.stdout for rule in rules), done.stderr
    assert lacking.returncode == 1
