"""`scrum-mcp reembed`: gives every episode its vector of the model that the settings choose, and says how far it is."""

import asyncio
from contextlib import aclosing

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from scrum_server.embedders import Embedders
from scrum_server.embedding import Filling
from scrum_server.settings import Settings
from scrum_server.stores import Stores
from scrum_storage.store import MEMORY

_LOOK = 1.0
"""Seconds between two looks at what another process does."""


def reembed(settings: Settings) -> None:
    """What is done stays done when it is ended. Raises Unavailable or Invalid."""
    asyncio.run(_reembed(settings))


async def _reembed(settings: Settings) -> None:
    async with aclosing(Stores(settings)) as stores, aclosing(Embedders(settings)) as embedders:
        embedder = embedders.chosen[0]
        filling = Filling(await stores.of(MEMORY), embedder)
        model, missing = await embedder.model(), await filling.missing()
        console = Console(stderr=True)
        console.print(f"{model.name}, {model.dimensions} dimensions: {missing} episodes lack a vector.")
        with _bar(console) as bar:
            await _filled(filling, bar, bar.add_task("embedding", total=missing))
        left = await filling.missing()
    refused = f", but {left} that it makes none of" if left else ""
    console.print(f"Every episode has a vector of {model.name}{refused}. It is searched from now on.")


async def _filled(filling: Filling, bar: Progress, task: TaskID) -> None:
    """Another process may be at it: then this one watches."""
    while not await filling.fill(lambda some: bar.advance(task, some)):
        bar.update(task, description="another process embeds", completed=await _done(filling, bar, task))
        await asyncio.sleep(_LOOK)


async def _done(filling: Filling, bar: Progress, task: TaskID) -> float:
    total = next(one.total for one in bar.tasks if one.id == task) or 0
    return total - await filling.missing()


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console)
