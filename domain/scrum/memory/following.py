"""Memory follows what happens: decisions become episodes, and the ends of sprints end them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from scrum.deliveries import Delivery, Subscription
from scrum.events import By
from scrum.memory.decided import ended, ending, remembered, written
from scrum.memory.events import DecisionTaken
from scrum.memory.model import Ending, Episode
from scrum.memory.ports import MemoryWork
from scrum.sprint.events import SprintCancelled, SprintClosed
from scrum.team.events import ProjectSetUp

W = TypeVar("W", bound=MemoryWork)

Learn: TypeAlias = Callable[[W, Episode, Delivery], Awaitable[Sequence[str]]]
"""What is learned from an episode whose outcome is known, in the unit of work that keeps it: the lessons."""


async def nothing(work: MemoryWork, episode: Episode, cause: Delivery) -> Sequence[str]:  # noqa: ARG001 - as Learn
    return ()


@dataclass(frozen=True)
class _News(Generic[W]):
    """Something was delivered, to be followed in this unit of work."""

    work: W
    cause: Delivery
    learn: Learn[W]

    @property
    def by(self) -> By:
        event = self.cause.event
        return By(event.actor, event.occurred_at, event.reason)


def following(learn: Learn[W]) -> Subscription[W]:
    """Any order will do, and what comes again changes nothing: episodes are told apart by their plans."""

    async def follow(work: W, deliveries: Sequence[Delivery]) -> None:
        await work.episodes.hold()
        for one in deliveries:
            await _follow(_News(work, one, learn))

    return Subscription(follow, frozenset({ProjectSetUp, DecisionTaken, SprintClosed, SprintCancelled}))


async def _follow(news: _News[W]) -> None:
    match news.cause.event:
        case DecisionTaken() as event:
            await _remember(news, remembered(event))
        case SprintClosed() | SprintCancelled() as event if event.plan:
            await _end(news, event.plan, ending(event))
        case ProjectSetUp() as event:
            shared = event.settings.get("share_memory") is True
            await news.work.sharing.put(event.project, event.aggregate_version, shared=shared)
        case _:
            pass


async def _remember(news: _News[W], episode: Episode) -> None:
    episodes = news.work.episodes
    if await episodes.find(episode.plan):
        return
    await episodes.put([episode])
    news.work.publish(written(episode, news.by), cause=news.cause)
    if known := await episodes.kept(episode.plan):
        await _end(news, episode.plan, known)


async def _end(news: _News[W], plan: str, known: Ending) -> None:
    """Kept where the decision is not known: it comes later, or never, when an older version took it."""
    episodes = news.work.episodes
    episode = await episodes.find(plan)
    if episode is None:
        await episodes.keep(plan, known)
        return
    over = episode.ended(known)
    if over == episode:
        return
    if over.outcome:
        over = over.completed(over.outcome, tuple(await news.learn(news.work, over, news.cause)))
    await episodes.put([over])
    news.work.publish(ended(over, news.by), cause=news.cause)
