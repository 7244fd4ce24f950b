"""Events in a stream, for tests that do not care what they say."""

from uuid import UUID, uuid4

from scrum.deliveries import Place
from scrum_adapters.redis import Wire, facts
from scrum_adapters.redis_streams import Stream


async def add(stream: Stream, count: int) -> list[tuple[UUID, Place]]:
    events = [uuid4() for _ in range(count)]
    _, places = await stream.add([(event, f'{{"id": "{event}"}}') for event in events])
    return list(zip(events, places, strict=True))


async def blocked(wire: Wire, count: int = 1) -> None:
    """Returns when so many clients wait for news, at the least."""
    while int(facts(await wire.ask("INFO", "clients"))["blocked_clients"]) < count:
        pass
