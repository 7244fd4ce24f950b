"""Importing completed sprints: of one team, in their order, once."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from scrum.sprint.usecases import get_velocity
from scrum.sprint.velocity import PastSprint, Source, Unit
from scrum.team.usecases import project_keys
from scrum_server.imports.columns import MissingColumns, mapped, scored
from scrum_server.imports.csv_file import CsvFile, sheet_of
from scrum_server.imports.history import (
    COLUMNS,
    ChooseTeam,
    History,
    Imported,
    NoTeamColumn,
    UnknownTeam,
    history_of,
    import_history,
    read_history,
)
from scrum_server.imports.problems import BadRows
from scrum_storage.store import Store
from scrum_storage.tables import outbox
from tests.builders import SHOP, by
from tests.requirements import requirement
from tests.server.transactions import cut_off, told, transactions

FILE = Path(__file__).parents[2] / "../shared/data/velocity/history.csv"
TWO_TEAMS = "team,seq,completed_points\nweb,1,10\nweb,2,12\napp,1,30\n"


def read(text: str, team: str = "", mapping: Sequence[str] = ()) -> History:
    chosen = mapped(mapping, COLUMNS)
    return history_of(sheet_of(text, scored(COLUMNS, chosen)), team, chosen, list)


def problems(text: str, team: str = "") -> list[str]:
    with pytest.raises(BadRows) as refused:
        read(text, team)
    return [str(problem) for problem in refused.value.problems]


async def stored(core: Store) -> list[tuple[str, float]]:
    found = await get_velocity(core.start, SHOP, Unit.POINTS_PER_SPRINT, window=100)
    return [(name, points) for name, points, _ in found.values]


def test_only_the_order_and_the_completed_points_are_needed() -> None:
    assert read("seq,completed_points\n1,12.5\n").sprints == (PastSprint("Sprint 1", Source.IMPORTED, 12.5),)


def test_everything_that_is_known_is_kept_and_the_rest_is_named() -> None:
    history = read(
        "team,seq,sprint_name,days,members,committed_points,added_points,completed_points,completed_items,"
        "working_days,availability,person_days,spent\n"
        "web,1,First,14,5,28,6,20,7,10,0.8,40,1250.5\n"
    )

    assert history.sprints == (
        PastSprint(
            "First",
            Source.IMPORTED,
            20,
            7,
            committed_points=28,
            days=14,
            working_days=10,
            person_days=40,
            members=5,
            availability=0.8,
            spent=1250.5,
        ),
    )
    assert history.layout.ignored == ["added_points"]


def test_what_is_empty_is_unknown() -> None:
    sprint = read("seq,completed_points,committed_points,members,spent\n1,0,,,\n").sprints[0]

    assert (sprint.completed_points, sprint.committed_points, sprint.members) == (0, None, None)
    assert sprint.spent is None


def test_a_missing_column_is_named() -> None:
    with pytest.raises(MissingColumns, match="no column for completed_points"):
        read("seq,velocity_\n1,2\n", mapping=["completed_points="])


def test_sprints_are_in_the_order_of_their_numbers() -> None:
    history = read("seq,completed_points\n10,3\n9.5,2\n9,1\n")

    assert [sprint.name for sprint in history.sprints] == ["Sprint 9", "Sprint 9.5", "Sprint 10"]


def test_a_name_that_comes_again_gets_its_number() -> None:
    text = "seq,sprint,completed_points\n1,A,1\n2,A,2\n3,A (2),3\n"

    assert [sprint.name for sprint in read(text).sprints] == ["A", "A (2)", "A (2) (3)"]


def test_of_several_teams_one_has_to_be_chosen() -> None:
    with pytest.raises(ChooseTeam, match=r"2 teams: web \(2 sprints\), app \(1 sprints\)"):
        read(TWO_TEAMS)


def test_a_team_is_chosen_whatever_its_case() -> None:
    history = read(TWO_TEAMS, " WEB ")

    assert (history.team, [sprint.completed_points for sprint in history.sprints]) == ("web", [10, 12])


def test_an_unknown_team_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownTeam, match=r"no team 'wep'. The nearest: web. Teams: web, app"):
        read(TWO_TEAMS, "wep")


def test_a_team_without_a_column_of_teams_is_refused() -> None:
    with pytest.raises(NoTeamColumn, match="--map team="):
        read("seq,completed_points\n1,2\n", "web")


def test_rows_of_other_teams_do_not_matter() -> None:
    assert len(read(f"{TWO_TEAMS}app,1,many\n", "web").sprints) == 2


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "1e3", "", "many", "1,5", "9" * 400])
def test_other_completed_points_than_numbers_from_zero_are_refused(text: str) -> None:
    assert problems(f'seq,completed_points\n1,"{text}"\n')[0].startswith("line 2, completed_points ")


@pytest.mark.parametrize("text", ["0", "0.00001", "-5", "free", "1,250"])
def test_other_costs_than_numbers_over_zero_are_refused(text: str) -> None:
    (problem,) = problems(f'seq,completed_points,spent\n1,10,"{text}"\n')

    assert problem.startswith(f"line 2, spent '{text}': it must be a number from 0.0001")


async def test_a_later_export_that_knows_the_costs_adds_them(core: Store) -> None:
    await import_history(core, SHOP, read("seq,completed_points\n1,10\n2,20\n"), by())

    again = await import_history(core, SHOP, read("seq,completed_points,spent\n1,10,40\n2,20,\n"), by())

    found = await get_velocity(core.start, SHOP, Unit.POINTS_PER_BUDGET, window=10)
    assert (again.changed, again.same) == (1, 1)
    assert (found.values, found.left_out) == ((("Sprint 1", 0.25, Source.IMPORTED),), 1)


def test_numbers_that_are_missing_or_repeated_are_refused() -> None:
    assert problems("seq,completed_points\n1,1\none,2\n1.0,3\n") == [
        "line 3, seq 'one': it must be a number from 0 to 1e+09, like 12.5",
        "line 4, seq '1': line 2 has the same seq",
    ]


@requirement("import.twice")
async def test_importing_twice_changes_nothing(core: Store) -> None:
    history = read("seq,completed_points\n2,20\n1,10\n")

    assert await import_history(core, SHOP, history, by()) == Imported(
        SHOP, created=True, new=2, changed=0, same=0
    )
    assert await import_history(core, SHOP, history, by()) == Imported(
        SHOP, created=False, new=0, changed=0, same=2
    )
    assert await stored(core) == [("Sprint 1", 10), ("Sprint 2", 20)]


async def test_a_longer_export_adds_and_corrects(core: Store) -> None:
    await import_history(core, SHOP, read("seq,completed_points\n1,10\n2,20\n"), by())

    again = await import_history(core, SHOP, read("seq,completed_points\n1,10\n2,25\n3,30\n"), by())

    assert (again.new, again.changed, again.same) == (1, 1, 1)
    assert await stored(core) == [("Sprint 1", 10), ("Sprint 2", 25), ("Sprint 3", 30)]


async def test_every_real_team_comes_in_whole(core: Store) -> None:
    if not FILE.exists():
        pytest.skip(f"{FILE} is not here: it is no part of the project")
    with pytest.raises(ChooseTeam, match=r"20 teams: .*jboss:221 \(48 sprints\)"):
        read_history(CsvFile(FILE), "", list)

    history = read_history(CsvFile(FILE), "jboss:221", list)

    assert (await import_history(core, SHOP, history, by())).new == 48
    assert len(await stored(core)) == 48


async def test_sprints_that_come_later_with_earlier_numbers_stand_before_the_others(core: Store) -> None:
    rows = ["1,10", "2,20", "3,30", "4,40"]
    await import_history(core, SHOP, read("\n".join(["seq,completed_points", *rows[2:]])), by())
    await import_history(core, SHOP, read("\n".join(["seq,completed_points", *rows])), by())

    assert [name for name, _ in await stored(core)] == [f"Sprint {n}" for n in (1, 2, 3, 4)]


async def test_an_import_that_is_cut_off_leaves_no_project(core: Store, database: str) -> None:
    history = read("seq,completed_points\n1,10\n")

    await cut_off(database, "history", import_history(core, SHOP, history, by()))

    assert await project_keys(core.start) == []
    assert await core.unsent() == 0


async def test_project_sprints_and_events_are_one_transaction(core: Store, database: str) -> None:
    await import_history(core, SHOP, read("seq,completed_points\n1,10\n"), by())

    assert await told(database) == ["ProjectSetUp", "HistoryImported"]
    assert await transactions(database, "projects", "history", "outbox") == 1


async def test_an_import_is_told_with_who_did_it_and_only_when_something_differs(core: Store) -> None:
    history = read("seq,completed_points\n1,10\n2,20\n")
    await import_history(core, SHOP, history, by("bo"))
    await import_history(core, SHOP, history, by("cy"))

    async with core.engine.connect() as connection:
        told = await connection.execute(
            select(outbox.c.actor, outbox.c.data).where(outbox.c.type == "HistoryImported")
        )

    assert [tuple(row) for row in told] == [("bo", {"sprints": 2, "different": 2})]
