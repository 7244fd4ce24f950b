"""Importing a backlog into a project: whole, once, with its dependencies."""

from pathlib import Path

import pytest

from scrum.backlog.model import Item, Where
from scrum.backlog.usecases import list_items, read_items
from scrum.team.usecases import project_keys
from scrum_server.imports.backlog import (
    COLUMNS,
    Imported,
    TooManyKeys,
    backlog_of,
    import_backlog,
    read_backlog,
)
from scrum_server.imports.columns import scored
from scrum_server.imports.csv_file import CsvFile, sheet_of
from scrum_server.imports.problems import BadRows
from scrum_storage.store import Store
from tests.builders import SHOP, a_project, a_team, by, some_items
from tests.requirements import requirement
from tests.server.transactions import cut_off, told, transactions

DATA = Path(__file__).parents[2] / "../shared/data/backlogs"
SIZES = {"usergrid": 482, "bamboo": 521, "mule": 889, "titanium": 2251}


async def imported(core: Store, text: str) -> Imported:
    backlog = backlog_of(sheet_of(text, scored(COLUMNS, {})), {}, list)
    return await import_backlog(core, SHOP, backlog, by())


async def items(core: Store) -> list[Item]:
    return list((await list_items(core.start, SHOP, Where(), after=None, limit=100)).items)


async def test_a_project_that_does_not_exist_is_made_with_defaults(core: Store) -> None:
    assert await imported(core, "key,title\nA-1,One\n") == Imported(SHOP, created=True, new=1, known=0)


async def test_items_come_behind_the_others_in_the_order_of_the_file(core: Store) -> None:
    await a_project(core)
    await some_items(core, [1])

    await imported(core, "key,title\nA-2,Two\nA-1,One\n")

    assert [item.external_key for item in await items(core)] == ["", "A-2", "A-1"]


@requirement("import.twice")
async def test_importing_twice_adds_nothing_and_changes_nothing(core: Store) -> None:
    await imported(core, "key,title\nA-1,One\n")
    before = await items(core)

    again = await imported(core, "key,title\nA-1,Another title\n")

    assert again == Imported(SHOP, created=False, new=0, known=1)
    assert await items(core) == before


async def test_a_longer_file_adds_only_what_is_new(core: Store) -> None:
    await imported(core, "key,title\nA-1,One\n")

    again = await imported(core, "key,title,depends_on\nA-2,Two,\nA-1,One,\nA-3,Three,A-2\n")

    assert (again.new, again.known) == (2, 1)
    assert [item.depends_on for item in await items(core)] == [frozenset(), frozenset(), {"SHOP-2"}]


async def test_dependencies_name_rows_of_the_file_and_items_of_the_project(core: Store) -> None:
    await a_project(core)
    await some_items(core, [1], external_key="OLD-7")

    await imported(core, "key,title,depends_on\nA-1,One,A-2\nA-2,Two,OLD-7\nA-3,Three,shop-1; A-1\n")

    needed = {item.external_key: item.depends_on for item in await items(core)}
    assert needed == {"OLD-7": frozenset(), "A-1": {"SHOP-3"}, "A-2": {"SHOP-1"}, "A-3": {"SHOP-1", "SHOP-2"}}


async def test_a_dependency_that_nothing_has_is_a_bad_row(core: Store) -> None:
    with pytest.raises(BadRows, match="line 3, depends_on 'A-9': neither the file nor the project"):
        await imported(core, "key,title,depends_on\nA-1,One,\nA-2,Two,A-9\n")


async def test_rows_that_wait_for_each_other_are_bad_rows(core: Store) -> None:
    with pytest.raises(BadRows, match="line 2, depends_on 'A-2': no item of the cycle A-1 -> A-2 -> A-1"):
        await imported(core, "key,title,depends_on\nA-1,One,A-2\nA-2,Two,A-1\n")


async def test_an_assignee_is_a_member_of_the_team(core: Store) -> None:
    await a_project(core)
    await a_team(core, "Ana", "Ben")

    await imported(core, "key,title,assignee\nA-1,One,ana\n")
    with pytest.raises(BadRows, match=r"line 2, assignee 'bem': Nobody.*Did you mean 'Ben'.*--map assignee="):
        await imported(core, "key,title,assignee\nA-2,Two,bem\n")

    assert [item.assignee for item in await items(core)] == ["Ana"]


@requirement("import.bad-rows")
async def test_with_a_bad_row_not_even_the_project_is_made(core: Store) -> None:
    with pytest.raises(BadRows):
        await imported(core, "key,title,depends_on\nA-1,One,\nA-2,Two,A-9\n")

    assert await project_keys(core.start) == []


async def test_an_import_that_is_cut_off_leaves_no_project(core: Store, database: str) -> None:
    await cut_off(database, "items", imported(core, "key,title\nA-1,One\n"))

    assert await project_keys(core.start) == []
    assert await core.unsent() == 0


async def test_project_items_and_events_are_one_transaction(core: Store, database: str) -> None:
    await imported(core, "key,title\nA-1,One\nA-2,Two\n")

    assert await told(database) == ["ProjectSetUp", "ItemAdded", "ItemAdded"]
    assert await transactions(database, "projects", "items", "outbox") == 1


async def test_a_file_that_no_query_could_ask_for_is_refused(core: Store) -> None:
    rows = "".join(f"A-{n},Item\n" for n in range(30_001))

    with pytest.raises(TooManyKeys, match="30001 items; one import takes 30000"):
        await imported(core, f"key,title\n{rows}")


async def test_what_is_stored_is_clean(core: Store) -> None:
    await imported(core, 'key,title,description\nA-1,"On\0e","two\r\nli\x07nes"\n')

    assert (await items(core))[0].title == "One"
    assert await read_items(core.start, SHOP, ["SHOP-1"]) == {"SHOP-1": "two\nlines"}


@pytest.mark.parametrize(("name", "size"), SIZES.items())
async def test_a_real_backlog_comes_in_whole_and_once(core: Store, name: str, size: int) -> None:
    file = DATA / f"{name}.csv"
    if not file.exists():
        pytest.skip(f"{file} is not here: it is no part of the project")
    backlog = read_backlog(CsvFile(file), list)

    assert (await import_backlog(core, SHOP, backlog, by())).new == size
    assert (await import_backlog(core, SHOP, backlog, by())).known == size
