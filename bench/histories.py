"""Past sprints of many teams, from a file with the columns of `scrum-mcp import-history`."""

import csv
from collections import defaultdict
from pathlib import Path

from scrum.sprint.velocity import PastSprint, Source

REAL = Path(__file__).parent.parent.parent / "shared" / "data" / "velocity" / "history.csv"
"""498 sprints of 20 open-source teams (Choetkiertikul et al., IEEE TSE 2018), where they are at hand."""

Teams = dict[str, list[PastSprint]]


def read(path: Path) -> Teams:
    """By team, oldest first; a sprint is named by its `seq`. Only team, seq and completed_points have to be there."""
    found: dict[str, list[tuple[float, PastSprint]]] = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["team"]].append((float(row["seq"]), _sprint(row)))
    return {team: [past for _, past in sorted(rows, key=lambda row: row[0])] for team, rows in found.items()}


def _sprint(row: dict[str, str]) -> PastSprint:
    members = _number(row, "members")
    return PastSprint(
        row["seq"],
        Source.IMPORTED,
        float(row["completed_points"]),
        committed_points=_number(row, "committed_points"),
        days=_number(row, "days"),
        members=None if members is None else int(members),
    )


def _number(row: dict[str, str], name: str) -> float | None:
    return float(row[name]) if row.get(name) else None


def organisation(team: str) -> str:
    return team.partition(":")[0]


def without(teams: Teams, left_out: str) -> Teams:
    return {team: sprints for team, sprints in teams.items() if organisation(team) != left_out}
