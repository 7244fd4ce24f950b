"""What is repeated where somebody else was faster."""

from itertools import count

import pytest

from scrum.errors import Conflict, Invalid
from scrum.work import insisting


class Faster:
    """Somebody is, so many times."""

    def __init__(self, times: int) -> None:
        self.times = times
        self._tried = count(1)

    async def __call__(self) -> int:
        """Which try succeeds."""
        tried = next(self._tried)
        if tried <= self.times:
            raise Conflict(f"Somebody was faster at try {tried}.")
        return tried


@pytest.mark.parametrize("times", [0, 1, 2])
async def test_what_conflicts_is_tried_again(times: int) -> None:
    assert await insisting(Faster(times)) == times + 1


async def test_after_the_third_time_the_conflict_is_told() -> None:
    with pytest.raises(Conflict, match="at try 3"):
        await insisting(Faster(3))


async def test_what_cannot_be_is_not_tried_again() -> None:
    tried = count()

    async def wrong() -> None:
        next(tried)
        raise Invalid("It cannot be.")

    with pytest.raises(Invalid):
        await insisting(wrong)

    assert next(tried) == 1
