"""What a backtest makes of past sprints."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrum.errors import Invalid
from scrum_server.backtest.measured import NothingToMeasure, lines, measure, steps
from scrum_server.backtest.predictions import Unwritable, write_predictions
from scrum_server.backtest.summary import document, notes
from scrum_server.imports.columns import MissingColumns
from scrum_server.imports.history import UnknownTeam
from scrum_server.imports.problems import BadRows
from tests.requirements import requirement
from tests.server.backtests import measured, read, rows_of, sprints, table

T = TypeVar("T")

WEB, APP = sprints("web", 12), sprints("app", 9, usual=300)
BOTH = table(*WEB, *APP)
PAGE = Path(__file__).parents[2] / "docs/backtest.md"

points = st.integers(0, 5_000)
seen = st.tuples(points, points, points)


def forecasts(text: str) -> dict[float, tuple[Any, ...]]:
    (walked,) = measured(text).walked
    return {walked.seq(one): (one.point, one.low80, one.high80, one.p_commitment) for one in walked.predicted}


def problems(text: str, *teams: str) -> list[str]:
    with pytest.raises(BadRows) as refused:
        read(text, *teams)
    return str(refused.value).splitlines()


@requirement("backtest.blind")
@settings(max_examples=25)
@given(place=st.integers(6, 12), later=st.lists(seen, min_size=7, max_size=7), commitment=points)
def test_nothing_that_came_after_its_start_changes_the_forecast_of_a_sprint(
    place: int, later: list[tuple[int, int, int]], commitment: int
) -> None:
    """Its own changes of scope and its result, and every column of the sprints behind it."""
    rows = [list(row) for row in WEB]
    for row, told in zip(rows[place - 1 :], later, strict=False):
        row[6:] = told
    for row in rows[place:]:
        row[3:6] = [commitment % 60 + 1, commitment % 9 + 1, commitment]

    before, after = forecasts(table(*WEB)), forecasts(table(*rows))

    assert [after[seq] for seq in range(6, place + 1)] == [before[seq] for seq in range(6, place + 1)]


def test_what_was_known_at_its_start_changes_the_forecast_of_a_sprint() -> None:
    rows = [list(row) for row in WEB]
    rows[6][5] = 90

    assert forecasts(table(*rows))[7][0] > forecasts(table(*WEB))[7][0]


@settings(max_examples=10)
@given(st.permutations([*WEB, *APP]))
def test_the_order_of_rows_does_not_matter(rows: list[list[object]]) -> None:
    assert document(measured(table(*rows)), "x") == document(measured(BOTH), "x")


def test_each_team_is_forecast_from_its_own_sprints() -> None:
    told = measured(BOTH)

    assert [(one.history.team, len(one.predicted)) for one in told.walked] == [("app", 4), ("web", 7)]
    assert told.walked[1].predicted == measured(table(*WEB)).walked[0].predicted


def test_only_team_order_and_completed_points_are_needed() -> None:
    bare = [(row[0], row[1], row[8]) for row in WEB]
    told = measured(table(*bare, header="team,seq,completed_points"))

    assert told.scores.n == 7
    assert {one.forecast: one.brier for one in lines(told)}["ours"] is None
    assert "No sprint has committed points: there is no Brier score." in list(notes(told))


@pytest.mark.parametrize("column", ["team", "seq", "completed_points"])
def test_a_column_that_is_missing_is_named_with_how_to_map_it(column: str) -> None:
    with pytest.raises(MissingColumns, match=f"no column for {column}.*--map {column}=THEIRS"):
        read(BOTH.replace(column, "other", 1))


def test_other_names_of_columns_are_mapped() -> None:
    text = BOTH.replace("team,", "squad,", 1).replace("completed_points", "done")

    assert read(text, mapping=["team=Squad", "completed_points=done"]) == read(BOTH)


def test_a_file_of_one_team_needs_no_column_for_it() -> None:
    text = table(*(row[1:] for row in WEB), header=BOTH.partition("\n")[0].removeprefix("team,"))
    (found,) = read(text, mapping=["team="])

    assert (found.team, found.sprints) == ("file", read(BOTH, "web")[0].sprints)


def test_bad_rows_are_named_with_line_and_reason_and_nothing_is_read() -> None:
    text = "team,seq,completed_points\nweb,1,many\n,2,3\nweb,3,4\nweb,3,5\nweb,4\n"

    told = problems(text)

    assert told[0] == "4 of 5 rows cannot be measured, so nothing was:"
    assert [line.partition(":")[0].strip() for line in told[1:]] == [
        "line 2, completed_points 'many'",
        "line 3, team ''",
        "line 5, seq '3'",
        "line 6, row 'web'",
    ]


def test_two_teams_may_have_the_same_order() -> None:
    assert [one.places for one in read(BOTH)] == [tuple(range(1, 10)), tuple(range(1, 13))]


def test_many_bad_rows_are_counted() -> None:
    told = problems("team,seq,completed_points\n" + "web,1,-1\n" * 30)

    assert (told[0].partition(" rows")[0], told[-1]) == ("30 of 30", "  ... and 39 more.")


def test_rows_of_teams_that_are_not_asked_for_do_not_matter() -> None:
    (found,) = read(f"{BOTH}app,10,,,,,,,many\n", " WEB ")

    assert (found.team, len(found.sprints)) == ("web", 12)


def test_an_unknown_team_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnknownTeam, match=r"no team 'wep'\. The nearest: web\. Teams: web, app"):
        read(BOTH, "app", "wep")


@given(st.text())
def test_whatever_a_file_holds_is_read_or_refused(text: str) -> None:
    for whole in (text, f"team,seq,completed_points\n{text}"):
        with suppress(Invalid):
            read(whole)


def test_teams_with_too_few_sprints_are_left_out_and_named() -> None:
    told = measured(table(*WEB, *sprints("new", 5)))

    assert told.short == {"new": 5}
    assert told.scores.teams == 1
    assert "Left out, with fewer than the 6 sprints that are needed: new (5)." in list(notes(told))


@pytest.mark.parametrize(("count", "said"), [(0, r"Sprints: none yet"), (5, r"Sprints: web \(5\)")])
def test_no_team_with_enough_sprints_is_an_error(count: int, said: str) -> None:
    with pytest.raises(NothingToMeasure, match=f"No team has more than 5 sprints.*{said}.*--least 2"):
        measured(table(*WEB[:count]))


def test_a_team_that_completed_nothing_is_left_out_of_the_error_alone() -> None:
    idle = [[*row[:8], 0] for row in sprints("idle", 8)]

    both, told = measured(table(*WEB, *idle)), measured(table(*WEB))

    assert both.scores.error == told.scores.error
    assert (both.scores.n, both.in_error, both.idle) == (10, 7, ("idle",))
    assert "Left out of the error, because they completed nothing: idle." in list(notes(both))


def test_without_any_commitment_both_rows_of_ours_are_the_same() -> None:
    ours, planning, *_ = lines(measured(table(*sprints("web", 12, committed=False))))
    committed, other, *_ = lines(measured(table(*WEB)))

    assert replace(planning, forecast="ours") == ours
    assert other.forecast == "ours, without the commitment"
    assert (other.macro_error, other.interval_score) != (committed.macro_error, committed.interval_score)


def test_where_nobody_completed_anything_there_is_no_error() -> None:
    told = measured(table(*([*row[:8], 0] for row in WEB)))

    assert lines(told)[0].macro_error is None
    assert lines(told)[0].coverage == 1


def test_more_or_fewer_sprints_may_come_before_the_first_forecast() -> None:
    counts = [measured(BOTH, least=least).scores.n for least in (2, 5, 10)]

    assert counts == [17, 11, 2]


@pytest.mark.parametrize("least", [2, 5, 10])
def test_the_steps_are_known_before_they_are_made(least: int) -> None:
    made: list[object] = []
    histories = read(BOTH)

    def tick(each: Iterable[T]) -> Iterator[T]:
        for one in each:
            made.append(one)
            yield one

    measure(histories, least, tick)

    assert len(made) == steps(histories, least) > 0


def test_few_forecasts_are_told_to_be_a_matter_of_chance() -> None:
    assert "Only 11 sprints were forecast: chance decides much of these figures." in list(
        notes(measured(BOTH))
    )


def test_commitments_of_nothing_are_left_out_because_they_are_always_met() -> None:
    empty = [[*row[:5], 0, *row[6:]] if row[1] in {7, 9} else row for row in WEB]

    told = measured(table(*empty))

    assert "Left out of it, because 0 committed points are always met: 2." in list(notes(told))
    assert told.scores.commitments == measured(table(*WEB)).scores.commitments - 1
    assert not any("0 committed" in note for note in notes(measured(BOTH)))


def test_forecasts_take_the_place_of_what_was_there_and_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "old.csv")

    written = write_predictions(tmp_path / "link.csv", measured(BOTH).walked)

    assert written == len(rows_of(tmp_path / "old.csv")) == 11
    assert (tmp_path / "link.csv").is_symlink()
    assert len(list(tmp_path.iterdir())) == 2


def test_what_is_no_file_or_in_no_folder_is_refused(tmp_path: Path) -> None:
    walked = measured(BOTH).walked

    with pytest.raises(Unwritable, match="it is no file"):
        write_predictions(tmp_path, walked)
    with pytest.raises(Unwritable, match="No such file or directory"):
        write_predictions(tmp_path / "none" / "new.csv", walked)
    assert list(tmp_path.iterdir()) == []


def test_every_forecast_column_and_figure_is_explained() -> None:
    page = PAGE.read_text(encoding="utf-8")
    told = document(measured(BOTH), "x")

    assert [name for name in told["forecasts"] if name not in page and name != "ours"] == []
    assert [
        name for name in ("team", "seq", "days", "members", "committed_points") if f"`{name}`" not in page
    ] == []
