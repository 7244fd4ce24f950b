"""The forecast of the next sprint on real teams, walking forward, beside the mean of the last three.

    python bench/forecast.py HISTORY.csv

The file has the columns team, seq, days and completed_points. Each sprint with at least five before it is forecast
from those alone. Macro error: the mean over teams of mean absolute error over mean completed. The interval score
(Gneiting and Raftery 2007) is the width of the 80 % interval, and ten times what it was missed by. Targets: an error
of at most that of the mean of the last three, and an interval that covers 77 to 83 %.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean

from scrum.planning.forecast import ENOUGH, forecast
from scrum.sprint.velocity import PastSprint, Source
from scrum.team.calendar import EVERY_WEEKDAY
from scrum.team.capacity import capacity
from scrum.team.model import Team

sys.path[0] = str(Path(__file__).parent.parent)
from bench.targets import at_least, at_most, conclude  # noqa: E402 - found from the folder above

START = date(2026, 1, 5)


@dataclass(frozen=True)
class Scored:
    error: float
    baseline: float
    completed: float
    covered: bool
    score: float


def teams(path: Path) -> dict[str, list[PastSprint]]:
    found: dict[str, list[tuple[int, PastSprint]]] = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            past = PastSprint(
                row["seq"], Source.IMPORTED, float(row["completed_points"]), days=float(row["days"])
            )
            found[row["team"]].append((int(row["seq"]), past))
    return {team: [past for _, past in sorted(rows, key=lambda row: row[0])] for team, rows in found.items()}


def scored(history: Sequence[PastSprint], outcome: PastSprint) -> Scored:
    end = START + timedelta(max(round(outcome.days or 1), 1) - 1)
    told = forecast(history, capacity(Team("BENCH"), EVERY_WEEKDAY, START, end, focus=1))
    low, middle, high = (told.quantile(p) for p in (0.1, 0.5, 0.9))
    came = outcome.completed_points
    return Scored(
        error=abs(came - middle),
        baseline=abs(came - fmean(past.completed_points for past in history[-3:])),
        completed=came,
        covered=low <= came <= high,
        score=high - low + 10 * max(0.0, low - came, came - high),
    )


def macro(results: Iterable[list[Scored]], name: str) -> float:
    return fmean(
        fmean(getattr(one, name) for one in own) / fmean(one.completed for one in own)
        for own in results
        if own
    )


def main(path: Path) -> None:
    results = [
        [scored(sprints[:n], sprints[n]) for n in range(ENOUGH, len(sprints))]
        for sprints in teams(path).values()
    ]
    every = [one for own in results for one in own]
    error, baseline = macro(results, "error"), macro(results, "baseline")
    covered = fmean(one.covered for one in every)
    print(f"macro error: {error:.3f}, of the mean of the last 3: {baseline:.3f}")
    print(f"80 % interval covers {covered:.3f}, score {fmean(one.score for one in every):.1f}")
    print(f"{len(every)} sprints of {len(results)} teams")
    conclude(
        [
            at_most("macro error", error, baseline),
            at_least("share that the 80 % interval covers", covered, 0.77),
            at_most("share that the 80 % interval covers", covered, 0.83),
        ]
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
