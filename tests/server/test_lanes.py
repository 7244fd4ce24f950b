"""Several at a time: no more than there are lanes, and none is lost."""

import asyncio
from contextlib import aclosing

import pytest

from scrum_server.ceremonies.lanes import Lanes
from tests.server.losing import losing_one


class Gates:
    """Works that end when they are let through."""

    def __init__(self) -> None:
        self.open: dict[str, asyncio.Event] = {}
        self.running: set[str] = set()

    async def pass_by(self, name: str, error: str = "") -> str:
        self.running.add(name)
        try:
            await self.open.setdefault(name, asyncio.Event()).wait()
        finally:
            self.running.discard(name)
        if error:
            raise ValueError(error)
        return name

    def let(self, *names: str) -> None:
        for name in names:
            self.open.setdefault(name, asyncio.Event()).set()


@pytest.fixture
def gates() -> Gates:
    return Gates()


async def test_a_lane_is_free_again_once_its_work_ended(gates: Gates) -> None:
    async with aclosing(Lanes[str](2)) as lanes:
        assert lanes.free == 2
        lanes.begin(gates.pass_by("a"))
        lanes.begin(gates.pass_by("b"))
        assert lanes.free == 0
        gates.let("b")

        assert await lanes.ended() == ["b"]
        assert lanes.free == 1
        gates.let("a")
        assert await lanes.ended() == ["a"]
        assert await lanes.ended() == []


async def test_what_ended_is_told_before_the_first_error_and_no_lane_is_free_meanwhile(gates: Gates) -> None:
    async with asyncio.timeout(30), aclosing(Lanes[str](4)) as lanes:
        for name, error in {"a": "first", "b": "second", "c": ""}.items():
            lanes.begin(gates.pass_by(name, error))
        lanes.begin(gates.pass_by("d"))
        gates.let("a", "d")

        assert await lanes.ended() == ["d"]
        assert lanes.free == 0
        gates.let("c")
        assert await lanes.ended() == ["c"]
        gates.let("b")
        with pytest.raises(ValueError, match="first"):
            await lanes.ended()


async def test_those_that_run_when_it_is_closed_are_cancelled(gates: Gates) -> None:
    async with asyncio.timeout(30), aclosing(Lanes[str](2)) as lanes:
        lanes.begin(gates.pass_by("a"))
        lanes.begin(gates.pass_by("b"))
        gates.let("a")
        await lanes.ended()
        assert gates.running == {"b"}

    assert gates.running == set()


async def test_one_that_loses_a_cancellation_is_cancelled_again() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()
    async with asyncio.timeout(30), aclosing(Lanes[None](1, again=0.01)) as lanes:
        lanes.begin(losing_one(begun, ended))
        await begun.wait()

    assert ended.is_set()


async def test_one_that_was_just_begun_has_its_first_step_before_it_is_cancelled() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()
    async with asyncio.timeout(30), aclosing(Lanes[None](1, again=0.01)) as lanes:
        lanes.begin(losing_one(begun, ended))

    assert ended.is_set()


async def test_whoever_waits_hears_a_bell_before_a_lane_ends_and_a_lane_before_a_bell_rings(
    gates: Gates,
) -> None:
    bell = asyncio.Event()
    async with asyncio.timeout(30), aclosing(Lanes[str](2)) as lanes:
        lanes.begin(gates.pass_by("a"), "the first")
        lanes.begin(gates.pass_by("b"), "the second")
        bell.set()
        assert await lanes.meanwhile(60, bell) == []
        assert sorted(lanes.names) == ["the first", "the second"]

        bell.clear()
        gates.let("a")
        assert await lanes.meanwhile(60, bell) == ["a"]
        assert list(lanes.names) == ["the second"]
        assert await lanes.meanwhile(0, bell) == []


async def test_whoever_waits_hears_of_an_error_at_once_when_none_runs(gates: Gates) -> None:
    async with asyncio.timeout(30), aclosing(Lanes[str](2)) as lanes:
        lanes.begin(gates.pass_by("a", "first"))
        gates.let("a")
        assert await lanes.meanwhile(60) == []
        with pytest.raises(ValueError, match="first"):
            await lanes.meanwhile(60, asyncio.Event())
