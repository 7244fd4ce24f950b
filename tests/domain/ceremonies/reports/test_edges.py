"""Where the rules of reports begin to hold, and where they do not yet."""

from collections.abc import Sequence
from typing import Any

import pytest

from scrum.backlog.model import Status
from scrum.ceremonies.reports.paper.material import Material
from scrum.ceremonies.terms import DAILY, RETROSPECTIVE
from scrum.chronicle.reports import Report
from scrum.sprint.ledger import Entry, Kind
from tests.domain.ceremonies.reports.examples import ENDED, after, entry, in_sprint, material
from tests.domain.ceremonies.reports.reported import section, told

POINTS = 20
WELL, BADLY = "What went well", "What did not"


def completions(number: int) -> list[Entry]:
    return [entry(Kind.COMPLETED, n, 1, 0.5) for n in range(1, number + 1)]


def with_done(number: int, *more: Entry, **fields: Any) -> Material:
    """So many of POINTS items of one point each."""
    states = [Status.DONE if n <= number else Status.TODO for n in range(1, POINTS + 1)]
    items = [in_sprint(n, 1, status=status) for n, status in enumerate(states, start=1)]
    return material(items, *completions(number), *more, **fields)


def ended(number: int, *more: Entry) -> Report:
    return told(RETROSPECTIVE, with_done(number, *more, days=12, sprint=ENDED))


@pytest.mark.parametrize(("number", "is_told"), [(2, False), (3, True)])
def test_three_items_tell_how_long_one_usually_takes_and_two_do_not(number: int, *, is_told: bool) -> None:
    finished = [
        in_sprint(n, status=Status.DONE, started_at=after(0.1), done_at=after(1.1))
        for n in range(1, number + 1)
    ]
    slow = in_sprint(9, assignee="Ana", status=Status.IN_PROGRESS, started_at=after(0.1))
    report = told(DAILY, material([*finished, slow], *completions(number), days=3))

    assert (report.figures["of Ana: at risk"] == 1) == is_told


@pytest.mark.parametrize(("added", "is_much"), [(1, False), (2, True)])
def test_a_tenth_that_came_in_is_much(added: int, *, is_much: bool) -> None:
    report = ended(POINTS, entry(Kind.ADDED, 99, added, 3))

    assert _has(section(report, BADLY), "came in while it ran") == is_much


@pytest.mark.parametrize(("points", "is_much"), [(2, False), (3, True)])
def test_a_tenth_that_estimates_grew_by_is_much(points: int, *, is_much: bool) -> None:
    report = ended(POINTS, entry(Kind.REESTIMATED, 1, points, 3, before=1))

    assert _has(section(report, BADLY), "Estimates changed") == is_much


@pytest.mark.parametrize(("number", "is_less"), [(9, True), (10, False)])
def test_the_ends_of_what_was_predicted_belong_to_it(number: int, *, is_less: bool) -> None:
    report = ended(number)

    assert _has(section(report, BADLY), "less than predicted") == is_less
    assert _has(section(report, "Sprint"), "inside that interval") != is_less


@pytest.mark.parametrize(("number", "went_well"), [(10, False), (17, False), (18, True)])
def test_to_be_as_predicted_is_good_only_where_the_commitment_is_met(number: int, *, went_well: bool) -> None:
    """Of 20 points, where 10 to 30 were predicted."""
    report = ended(number)

    assert _has(section(report, WELL), "lie in the predicted interval (80% between 10 and 30)") == went_well
    assert not _has(section(report, BADLY), "predicted")


BESIDE = {
    0: "20 remain, 2 over where it began today.",
    2: "18 remain, within it.",
    4: "16 remain, within it.",
    5: "15 remain, 1 below where it ends today.",
}


@pytest.mark.parametrize(("number", "expected"), BESIDE.items())
def test_what_remains_stands_beside_where_the_ideal_line_begins_and_ends_today(
    number: int, expected: str
) -> None:
    lines = section(told(DAILY, with_done(number)), "Sprint")

    assert f"The ideal line goes from 18 to 16 points today; {expected}" in lines


def _has(lines: Sequence[str], words: str) -> bool:
    return any(words in line for line in lines)
