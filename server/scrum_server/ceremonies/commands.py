"""`scrum-mcp tick`: what it does, and what it prints."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

import click

from scrum.ceremonies.usecases import Evaluated
from scrum_server.ceremonies.delivering import Delivered, Delivering
from scrum_server.ceremonies.evaluating import Evaluating
from scrum_server.ceremonies.scheduler import Scheduler
from scrum_server.events.tables import printable
from scrum_server.logs import log_to_stderr
from scrum_server.settings import Settings
from scrum_server.stores import Stores

_MOST_ROUNDS = 10
"""What is delivered may make something else due: a plan that is committed starts a sprint."""


@dataclass
class Ticked:
    """`stuck` are sprints that could not be evaluated."""

    evaluated: list[Evaluated] = field(default_factory=list[Evaluated])
    delivered: list[Delivered] = field(default_factory=list[Delivered])
    stuck: Sequence[str] = ()

    @property
    def is_well(self) -> bool:
        return not self.stuck and not any(one.why for one in self.delivered)

    def happened(self) -> Iterator[dict[str, str]]:
        """In plain words, in the order of the steps."""
        for one in self.evaluated:
            for due in one.occurrences:
                yield {"what": "due", "id": due.id, "ceremony": due.ceremony, "why": due.because}
            for move in one.moves:
                yield {"what": move.state.value, "id": one.sprint, "ceremony": "", "why": move.reason}
        for tried in self.delivered:
            what = "not delivered" if tried.why else "delivered"
            about = tried.occurrence
            yield {"what": what, "id": about.id, "ceremony": about.ceremony, "why": tried.why}
        for sprint in self.stuck:
            yield {"what": "not evaluated", "id": sprint, "ceremony": "", "why": "the log says why"}


def tick_now(settings: Settings, *, as_json: bool) -> bool:
    """Whether all that is due was delivered. Raises Unavailable."""
    log_to_stderr(settings.log_level)
    done = asyncio.run(_tick(settings))
    happened = list(done.happened())
    if as_json:
        click.echo(json.dumps({"well": done.is_well, "happened": happened}, ensure_ascii=False, indent=2))
    else:
        for line in map(_line, happened):
            click.echo(line)
        if not happened:
            click.echo("Nothing is due.")
    return done.is_well


def _line(one: dict[str, str]) -> str:
    about = f" {one['ceremony']}" if one["ceremony"] else ""
    why = f": {printable(one['why'])}" if one["why"] else ""
    return f"{one['id']}{about} is {one['what']}{why}"


async def _tick(settings: Settings) -> Ticked:
    async with aclosing(Stores(settings)) as stores:
        scheduler = Scheduler(stores, settings)
        async with scheduler.delivering() as delivering:
            return await tick(await scheduler.evaluating(), delivering)


async def tick(evaluating: Evaluating, delivering: Delivering) -> Ticked:
    """Everything that is due now, once. Raises Unavailable."""
    done = Ticked()
    for _ in range(_MOST_ROUNDS):
        evaluated, delivered = await evaluating.evaluate(), await delivering.deliver()
        done.evaluated += evaluated
        done.delivered += delivered
        if not evaluated and not delivered:
            break
    done.stuck = evaluating.failed.names
    return done
