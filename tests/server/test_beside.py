"""What goes on beside something else ends with it."""

import asyncio
import logging
from datetime import timedelta

import pytest

from scrum_server.beside import beside, cancelled
from scrum_server.ceremonies.lease import prolonged
from tests.server.losing import losing_one


async def test_what_loses_a_cancellation_is_cancelled_again() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async with asyncio.timeout(30), beside(losing_one(begun, ended)):
        await begun.wait()

    assert ended.is_set()


async def test_all_are_cancelled_until_each_is_done() -> None:
    begun = [asyncio.Event(), asyncio.Event()]
    ended = [asyncio.Event(), asyncio.Event()]
    tasks = [asyncio.ensure_future(losing_one(*both)) for both in zip(begun, ended, strict=True)]
    for one in begun:
        await one.wait()

    async with asyncio.timeout(30):
        await cancelled(*tasks, again=0.01)

    assert all(one.is_set() for one in ended)


async def test_what_ends_with_an_error_is_logged_when_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    failed = asyncio.Event()

    async def work() -> None:
        failed.set()
        raise ValueError("it broke")

    with caplog.at_level(logging.ERROR):
        async with beside(work()):
            await failed.wait()
            await asyncio.sleep(0)
            assert "it broke" in caplog.text


async def test_an_attempt_is_prolonged_again_whatever_was_wrong_with_the_last_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    again, errors = asyncio.Event(), [ValueError("it broke")]

    async def prolong() -> None:
        if errors:
            raise errors.pop()
        again.set()

    async with asyncio.timeout(30), prolonged(timedelta(seconds=0.03), prolong):
        await again.wait()

    assert "it broke" in caplog.text
