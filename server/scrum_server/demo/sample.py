"""The sample project: a tool library, its people, its backlog and its past. All of it is made up for the demo."""

import csv
from datetime import date, timedelta
from importlib.resources import files

from scrum_server.simulate.invented.course import Course, NewItem
from scrum_server.simulate.invented.happenings import Found
from scrum_server.simulate.invented.team import Pace, Person, Surprises

FIRST_DAY = date(2026, 3, 2)
SPRINT_DAYS = 14

GOALS = (
    "Reservations: from search to pickup",
    "Returns and reminders without phone calls",
    "Payments, deposits and late fees",
)


def _away(first: int, last: int) -> frozenset[date]:
    """Days of the demo, counted from its first."""
    return frozenset(FIRST_DAY + timedelta(n) for n in range(first, last + 1))


PEOPLE = (
    Person("Ana", frozenset({"backend", "data"})),
    Person("Bruno", frozenset({"frontend", "data"})),
    Person("Chen", frozenset({"backend", "ops"}), away=_away(0, SPRINT_DAYS - 1)),
    Person("Dalia", frozenset({"backend", "frontend"})),
    Person("Emre", frozenset({"data", "ops", "frontend"})),
)

SURPRISES = Surprises(
    blocks=(
        "waiting for the printer of labels",
        "the payment provider's test system is down",
        "waiting for an answer from the front desk",
        "the design is not decided",
        "waiting for access to the old data",
    ),
    found=(
        Found("Reservations break on the last day of a month", 2, frozenset({"backend"})),
        Found("Buttons are too small for phones", 2, frozenset({"frontend"})),
        Found("The email provider rejects long subjects", 1, frozenset({"backend"})),
        Found("Volunteers need a way to undo a return", 3, frozenset({"backend"})),
        Found("Imported prices lost their cents", 2, frozenset({"data"})),
        Found("Certificates expire next month", 1, frozenset({"ops"})),
    ),
)

HISTORY = ((45, 42), (44, 45), (45, 39), (42, 44), (43, 41), (44, 42))
"""Points committed and completed of past sprints, oldest first."""


def course(seed: int) -> Course:
    return Course(
        project="LEND",
        name="Tool library",
        first_day=FIRST_DAY,
        days=SPRINT_DAYS,
        people=PEOPLE,
        pace=Pace(),
        surprises=SURPRISES,
        goals=GOALS,
        backlog=(tuple(backlog()),),
        seed=seed,
        history=_history_csv(),
    )


def backlog() -> list[NewItem]:
    text = files("scrum_server.demo").joinpath("backlog.csv").read_text(encoding="utf-8")
    return [
        NewItem(
            title=row["title"],
            type=row["type"],
            points=int(row["points"]) if row["points"] else None,
            priority=row["priority"],
            skills=tuple(row["skills"].split()),
            labels=tuple(row["labels"].split()),
            depends_on=tuple(row["depends_on"].split()),
        )
        for row in csv.DictReader(text.splitlines())
    ]


def _history_csv() -> str:
    rows = [
        f"{n},Sprint {n},{SPRINT_DAYS},{len(PEOPLE)},{committed},{completed}"
        for n, (committed, completed) in enumerate(HISTORY, start=1)
    ]
    return "\n".join(["seq,sprint_name,days,members,committed_points,completed_points", *rows, ""])
