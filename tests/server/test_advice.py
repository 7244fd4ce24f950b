"""A language model may propose rules; they are held to what everybody's are held to."""

from collections.abc import AsyncGenerator, Generator
from datetime import datetime, timedelta

import pytest

from scrum.errors import Unavailable
from scrum.strategies.model import Record, Status
from scrum.strategies.usecases import strategies
from scrum_adapters.ollama import Ollama
from scrum_server.advice import Advice
from scrum_storage.memory_work import MemoryWork
from scrum_storage.store import MEMORY, Store, open_store
from tests.adapters.ollama_server import MODEL, OllamaServer, an_ollama, answers
from tests.builders import MONDAY, SHOP
from tests.storage.test_strategies import failed, taught

GOOD = {"name": "quiet_weeks", "when": "team_size < 4", "effect": "buffer 0.15"}
CLOSED = failed(1).outcome
END = CLOSED.closed_at if CLOSED else MONDAY


@pytest.fixture
async def memory(database: str) -> AsyncGenerator[Store[MemoryWork]]:
    async with open_store(database, MEMORY) as store:
        yield store


@pytest.fixture
def server() -> Generator[OllamaServer]:
    with an_ollama() as running:
        yield running


@pytest.fixture
async def model(server: OllamaServer) -> AsyncGenerator[Ollama]:
    asked = Ollama(server.url, MODEL, 5.0)
    yield asked
    await asked.aclose()


def proposes(server: OllamaServer, *rules: dict[str, str]) -> None:
    server.replies = [answers({"rules": rules})]


def advice(model: Ollama, memory: Store[MemoryWork], *, now: datetime = END) -> Advice:
    return Advice(memory, model, clock=lambda: now)


async def known(memory: Store[MemoryWork]) -> dict[str, Record]:
    return {one.strategy.name: one for one in await strategies(memory.look, SHOP)}


async def test_a_rule_that_a_model_proposes_after_a_failure_is_a_candidate(
    server: OllamaServer, model: Ollama, memory: Store[MemoryWork]
) -> None:
    await taught(memory, failed(1))
    proposes(server, GOOD)

    await advice(model, memory).ask()

    found = (await known(memory))["quiet_weeks"].strategy
    assert (found.status, found.rule) == (Status.CANDIDATE, "buffer 0.15 when team_size < 4")
    assert (found.origin, found.support) == (f"proposed by {MODEL}", ("PLAN-1",))


async def test_it_is_told_figures_and_rules_and_nothing_that_people_wrote(
    server: OllamaServer, model: Ollama, memory: Store[MemoryWork]
) -> None:
    await taught(memory, failed(1))
    proposes(server)

    await advice(model, memory).ask()

    task, facts = server.asked[-1].told
    assert "committed 45, completed 38, added 0" in facts
    assert "velocity_buffer: buffer 0.1" in facts
    assert "limit_carry_over 0.3" in task


@pytest.mark.parametrize(
    "bad",
    [
        {**GOOD, "when": "dayz > 2"},
        {**GOOD, "effect": "scale 99"},
        {**GOOD, "effect": "availability"},
        {**GOOD, "name": "DROP TABLE"},
        {**GOOD, "name": "velocity_buffer"},
    ],
    ids=["condition", "amount", "built-in", "name", "known"],
)
async def test_a_bad_rule_is_not_taken_and_the_good_one_beside_it_is(
    server: OllamaServer, model: Ollama, memory: Store[MemoryWork], bad: dict[str, str]
) -> None:
    await taught(memory, failed(1))
    before = await known(memory)
    proposes(server, bad, {**GOOD, "name": "beside"})

    await advice(model, memory).ask()

    assert (await known(memory)).keys() - before.keys() == {"beside"}
    assert (await known(memory))["velocity_buffer"] == before["velocity_buffer"]


async def test_each_failure_is_asked_about_once_by_whoever_asks(
    server: OllamaServer, model: Ollama, memory: Store[MemoryWork]
) -> None:
    await taught(memory, failed(1))
    proposes(server, GOOD)
    first = advice(model, memory)

    await first.ask()
    await first.ask()
    await advice(model, memory).ask()

    assert len(server.asked) == 1


async def test_what_ended_long_ago_is_not_asked_about(
    server: OllamaServer, model: Ollama, memory: Store[MemoryWork]
) -> None:
    await taught(memory, failed(1))
    proposes(server, GOOD)

    await advice(model, memory, now=END + timedelta(days=2)).ask()

    assert server.asked == []


async def test_with_the_model_away_learning_goes_on_without(
    server: OllamaServer, model: Ollama, memory: Store[MemoryWork]
) -> None:
    server.models = ()
    await taught(memory, failed(1))

    with pytest.raises(Unavailable):
        await advice(model, memory).ask()

    assert (await known(memory))["velocity_buffer"].strategy.support == ("PLAN-1",)
