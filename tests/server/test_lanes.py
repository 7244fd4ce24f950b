"""Several at a time: no more than there are lanes, and none is lost."""

import asyncio
from contextlib import aclosing

import pytest

from scrum_server.ceremonies.lanes import Lanes, in_lanes


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


async def test_lanes_beside_each_other_all_end_before_the_first_error_is_told(gates: Gates) -> None:
    names, ended = iter("abc"), list[str]()

    async def lane() -> None:
        name = next(names)
        ended.append(await gates.pass_by(name, "no" if name == "a" else ""))

    gates.let("a")
    both = asyncio.ensure_future(in_lanes(3, lane))
    for _ in range(10):
        await asyncio.sleep(0)
    assert (gates.running, both.done()) == ({"b", "c"}, False)
    gates.let("b", "c")

    with pytest.raises(ValueError, match="no"):
        await both
    assert sorted(ended) == ["b", "c"]
