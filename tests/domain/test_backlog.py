"""The backlog: adding, changing and ordering items."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scrum.backlog.dependencies import DependencyCycle
from scrum.backlog.model import Change, Draft, Status, UnknownItem
from scrum.backlog.order import BadPosition, moved
from scrum.backlog.usecases import add_items, read_items
from scrum.errors import BadEntries
from scrum_storage.store import Store
from tests.builders import SHOP, a_project, a_team, by, change, some_items, the_item
from tests.requirements import requirement


async def test_items_are_numbered_and_ranked_in_the_order_given(core: Store) -> None:
    await a_project(core)
    await some_items(core, [1])
    added = await some_items(core, [2, None])

    assert [(item.key, item.rank, item.points) for item in added] == [("SHOP-2", 2, 2), ("SHOP-3", 3, None)]


async def test_a_draft_may_depend_on_another_of_the_same_call(core: Store) -> None:
    await a_project(core)
    drafts = [Draft("Second", depends_on=("#2",)), Draft("First")]

    first = (await add_items(core.start, SHOP, drafts, by=by()))[0]

    assert first.depends_on == {"SHOP-2"}


async def test_one_bad_entry_names_itself_and_keeps_the_good_ones_out(core: Store) -> None:
    await a_project(core)

    with pytest.raises(BadEntries, match="items #2"):
        await add_items(core.start, SHOP, [Draft("Good"), Draft("")], by=by())

    assert (await some_items(core, [1]))[0].key == "SHOP-1"


async def test_a_dependency_on_nothing_is_refused(core: Store) -> None:
    await a_project(core)

    with pytest.raises(UnknownItem, match="SHOP-9"):
        await add_items(core.start, SHOP, [Draft("One", depends_on=("SHOP-9",))], by=by())


async def test_a_change_that_closes_a_circle_is_refused_and_named(core: Store) -> None:
    await a_project(core)
    drafts = [Draft("One"), Draft("Two", depends_on=("#1",))]
    await add_items(core.start, SHOP, drafts, by=by())

    with pytest.raises(DependencyCycle, match="SHOP-1"):
        await change(core, Change("SHOP-1", depends_on=frozenset({"SHOP-2"})))


async def test_an_assignee_is_written_as_the_team_writes_it(core: Store) -> None:
    await a_project(core)
    await a_team(core, "Ana")
    await some_items(core, [1], assignee="ana")

    assert (await the_item(core, "SHOP-1")).assignee == "Ana"


async def test_working_blocking_and_finishing_leave_their_moments(core: Store) -> None:
    await a_project(core)
    await some_items(core, [1])
    await change(core, Change("SHOP-1", status=Status.IN_PROGRESS), days=1)
    await change(core, Change("SHOP-1", blocked=True, reason="no access"), days=2)
    blocked = await the_item(core, "SHOP-1")
    await change(core, Change("SHOP-1", status=Status.DONE), days=3)
    done = await the_item(core, "SHOP-1")

    assert blocked.block is not None
    assert (blocked.block.reason, blocked.block.since) == ("no access", by(days=2).now)
    assert (done.started_at, done.done_at, done.block) == (by(days=1).now, by(days=3).now, None)


async def test_a_rank_outside_the_backlog_is_refused(core: Store) -> None:
    await a_project(core)
    await some_items(core, [1, 2])

    with pytest.raises(BadPosition, match="from 1 \\(first\\) to 2"):
        await change(core, Change("SHOP-1", position=3))


@some.composite
def backlogs(draw: some.DrawFn) -> tuple[list[tuple[str, int]], dict[str, int]]:
    """An order with gaps in its ranks, and moves within it."""
    ranks = sorted(draw(some.sets(some.integers(1, 10_000), min_size=1, max_size=20)))
    order = [(f"SHOP-{n}", rank) for n, rank in enumerate(ranks)]
    keys = some.sampled_from([key for key, _ in order])
    return order, draw(some.dictionaries(keys, some.integers(1, len(order)), max_size=6))


@requirement("backlog.order")
@given(backlogs())
def test_moving_items_permutes_their_ranks(backlog: tuple[list[tuple[str, int]], dict[str, int]]) -> None:
    order, moves = backlog

    after = dict(order) | moved(order, moves)

    assert sorted(after.values()) == sorted(dict(order).values())
    if moves:
        last, position = list(moves.items())[-1]
        assert sorted(after, key=after.__getitem__).index(last) == position - 1


@requirement("backlog.order")
@given(backlogs())
def test_who_is_not_moved_keeps_the_order_among_the_others(
    backlog: tuple[list[tuple[str, int]], dict[str, int]],
) -> None:
    order, moves = backlog
    after = dict(order) | moved(order, moves)

    still = [key for key, _ in order if key not in moves]

    assert sorted(still, key=after.__getitem__) == still


HIDDEN = "\u202e\u200b\U000e0041"


async def test_descriptions_come_back_without_invisible_characters(core: Store) -> None:
    await a_project(core)
    await add_items(core.start, SHOP, [Draft("One", description=f"ad{HIDDEN}ded"), Draft("Two")], by=by())
    await change(core, Change("SHOP-2", description=f"chan{HIDDEN}ged"))

    assert await read_items(core.start, SHOP, ["SHOP-1", "SHOP-2"]) == {
        "SHOP-1": "added",
        "SHOP-2": "changed",
    }


async def test_the_reason_of_a_block_is_stored_without_invisible_characters(core: Store) -> None:
    await a_project(core)
    await some_items(core, [1])
    await change(core, Change("SHOP-1", blocked=True, reason=f"no{HIDDEN} access"))

    block = (await the_item(core, "SHOP-1")).block

    assert block is not None
    assert block.reason == "no access"


@pytest.mark.parametrize("again", [[" K1 "], ["K1\u200b"], ["K2", "K2 "]])
async def test_external_keys_are_compared_as_they_are_stored(core: Store, again: list[str]) -> None:
    await a_project(core)
    await add_items(core.start, SHOP, [Draft("One", external_key="K1")], by=by())

    with pytest.raises(BadEntries, match=r"is SHOP-[12] already"):
        await add_items(core.start, SHOP, [Draft("Again", external_key=key) for key in again], by=by())
