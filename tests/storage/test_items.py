"""Items in PostgreSQL: whole, in order, in bulk, and found again."""

from dataclasses import replace
from datetime import date

import pytest

from scrum.backlog.model import Block, Change, Draft, Item, ItemType, Page, Priority, Status, Where
from scrum.backlog.usecases import add_items, list_items, read_items
from scrum_storage.errors import Changed, Raced
from scrum_storage.store import Store
from tests.builders import MONDAY, SHOP, a_project, a_running_sprint, a_team, by, change, some_items
from tests.storage.meetings import events

FULL = Item(
    key="SHOP-1",
    project=SHOP,
    number=1,
    title="Ünïcode % _ \\ '",
    rank=7,
    type=ItemType.BUG,
    points=0,
    priority=Priority.HIGHEST,
    status=Status.IN_REVIEW,
    labels=frozenset({"a,b", '{"c"}'}),
    skills=frozenset({"sql"}),
    depends_on=frozenset({"SHOP-2"}),
    assignee="Ana",
    due=date(2026, 4, 1),
    external_key="JIRA-1",
    sprint="SHOP-S1",
    block=Block("", MONDAY),
    carried=2,
    pinned=True,
    created_at=MONDAY,
    started_at=MONDAY,
    done_at=MONDAY,
    version=3,
)


async def stored(core: Store, *items: Item) -> tuple[Item, ...]:
    async with core.start() as work:
        return tuple((await work.items.of(SHOP, [item.key for item in items])).values())


async def added(core: Store, *items: Item) -> None:
    await a_project(core)
    async with core.start() as work:
        await work.items.add(items, {})
        await work.commit()


async def put(core: Store, *items: Item) -> None:
    async with core.start() as work:
        await work.items.put(items)
        await work.commit()


async def shown(core: Store, where: Where, *, after: int | None = None, limit: int = 50) -> Page:
    return await list_items(core.start, SHOP, where, after=after, limit=limit)


async def keys(core: Store, **where: object) -> list[str]:
    return [item.key for item in (await shown(core, Where(**where))).items]  # type: ignore[arg-type] # fields of Where


async def test_an_item_comes_back_as_it_was_added(core: Store) -> None:
    await added(core, FULL)

    assert await stored(core, FULL) == (FULL,)


async def test_a_changed_item_comes_back_changed(core: Store) -> None:
    await added(core, Item("SHOP-1", SHOP, 1, "Plain", 7, created_at=MONDAY))

    await put(core, FULL)

    assert await stored(core, FULL) == (FULL,)


async def test_an_item_that_somebody_else_changed_is_not_overwritten(core: Store) -> None:
    await added(core, FULL)

    with pytest.raises(Changed, match="SHOP-1 changed"):
        await put(core, replace(FULL, title="Late"))

    assert await stored(core, FULL) == (FULL,)


async def test_of_two_versions_of_an_item_at_once_none_is_lost_unsaid(core: Store) -> None:
    await added(core, FULL)
    named, sized = (
        replace(FULL, title="Named", version=FULL.version + 1),
        replace(FULL, points=5, version=FULL.version + 2),
    )

    with pytest.raises(Changed, match="SHOP-1 changed"):
        await put(core, named, sized)

    assert await stored(core, FULL) == (FULL,)


async def test_an_external_key_is_added_once(core: Store) -> None:
    await added(core, FULL)

    with pytest.raises(Raced, match="external key"):
        async with core.start() as work:
            await work.items.add([replace(FULL, key="SHOP-2", number=2, rank=8)], {})


async def test_external_keys_are_found(core: Store) -> None:
    await added(core, FULL, replace(FULL, key="SHOP-2", number=2, rank=8, external_key=""))

    async with core.start() as work:
        assert await work.items.by_external_key(SHOP, ["JIRA-1", "JIRA-2", ""]) == {"JIRA-1": "SHOP-1"}


async def test_a_thousand_items_are_added_and_changed_together(core: Store) -> None:
    await a_project(core)
    many = await some_items(core, [1] * 1000)

    await put(core, *(replace(item, points=2, version=2) for item in many))

    async with core.start() as work:
        backlog = await work.items.open(SHOP)
    assert [item.key for item in backlog] == [item.key for item in many]
    assert {item.points for item in backlog} == {2}


async def test_moving_items_keeps_ranks_distinct(core: Store) -> None:
    await a_project(core)
    await some_items(core, [1] * 5)

    await change(core, Change("SHOP-5", position=1), Change("SHOP-1", position=3))

    assert await keys(core) == ["SHOP-5", "SHOP-2", "SHOP-1", "SHOP-3", "SHOP-4"]


async def test_pages_show_every_item_once_in_backlog_order(core: Store) -> None:
    await a_project(core)
    await some_items(core, [1, None] * 25)
    estimated = Where(estimated=True)
    seen: list[int] = []
    after: int | None = None
    for _ in range(4):
        page = await shown(core, estimated, after=after, limit=7)
        seen += [item.number for item in page.items]
        assert page.total == 25
        after = page.after

    assert after is None
    assert seen == list(range(1, 50, 2))


async def test_a_page_beyond_the_end_is_empty_and_still_counts(core: Store) -> None:
    await a_project(core)
    await some_items(core, [1, 2])

    assert await shown(core, Where(), after=99) == Page((), 2)


async def test_only_open_items_are_listed_unless_others_are_asked_for(core: Store) -> None:
    await a_running_sprint(core, [1, 2])
    await change(core, Change("SHOP-1", status=Status.DONE))

    assert await keys(core) == ["SHOP-2"]
    assert await keys(core, status=(Status.DONE,)) == ["SHOP-1"]
    assert await keys(core, keys=("shop-1",)) == ["SHOP-1"]
    assert await keys(core, sprint="shop-s1") == ["SHOP-1", "SHOP-2"]
    assert await keys(core, sprint="-") == []


@pytest.mark.parametrize(
    "where",
    [
        {"type": (ItemType.BUG,)},
        {"priority": (Priority.HIGHEST,)},
        {"assignee": "ana "},
        {"label": "a,b"},
        {"skill": "SQL"},
        {"blocked": True},
        {"estimated": True},
        {"text": "ÜNÏ"},
    ],
    ids=",".join,
)
async def test_each_filter_finds_what_it_names(core: Store, where: dict[str, object]) -> None:
    await added(core, FULL, Item("SHOP-2", SHOP, 2, "Other", 8))

    assert await keys(core, **where) == ["SHOP-1"]


@pytest.mark.parametrize(("text", "found"), [("100%", "SHOP-1"), ("a_b", "SHOP-2"), ("C:\\", "SHOP-3")])
async def test_text_is_searched_literally_in_titles_and_descriptions(
    core: Store, text: str, found: str
) -> None:
    await a_project(core)
    drafts = [
        Draft("Reach 100% soon"),
        Draft("Names", description="like A_B"),
        Draft("c:\\ drive"),
        Draft("100 axb"),
    ]
    await add_items(core.start, SHOP, drafts, by=by())

    assert await keys(core, text=text) == [found]


async def test_descriptions_are_stored_beside_the_items(core: Store) -> None:
    await a_project(core)
    await add_items(core.start, SHOP, [Draft("One", description="Line 1\nLine 2"), Draft("Two")], by=by())
    await change(core, Change("SHOP-2", description="More"))

    assert await read_items(core.start, SHOP, ["SHOP-1", "SHOP-2"]) == {
        "SHOP-1": "Line 1\nLine 2",
        "SHOP-2": "More",
    }


async def test_what_changed_of_an_item_is_told_with_what_it_was(core: Store) -> None:
    await a_project(core)
    await a_team(core, "Ana", "Bo")
    await add_items(core.start, SHOP, [Draft("One", assignee="Bo", points=3)], by=by())
    await change(core, Change("SHOP-1", assignee="Ana", title="First", description="More"))
    await change(core, Change("SHOP-1", clear=("assignee",)))

    first, second = [one.data for one in await events(core) if one.type == "ItemChanged"]

    assert first["fields"] == {"assignee": "Ana", "title": "First", "description": "More"}
    assert first["before"] == {"assignee": "Bo", "title": "One"}
    assert (second["fields"], second["before"]) == ({"assignee": ""}, {"assignee": "Ana"})
