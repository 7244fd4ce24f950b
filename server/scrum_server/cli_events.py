"""`scrum-mcp events`."""

import sys
from uuid import UUID

import click

from scrum_server.explained import JSON, explained

_GROUP = click.option("--group", default="", help="Only of this consumer group, like chronicle.")


@click.group()
def events() -> None:
    """See how events flow, and why some could not be handled."""


@events.command("status")
@JSON
@explained
def events_status(as_json: bool) -> None:
    """What each store has to send, and what each group has to hear. Ends with 1 when something needs a look."""
    from scrum_server.events.commands import show_status
    from scrum_server.settings import read_settings

    if not show_status(read_settings(), as_json=as_json):
        sys.exit(1)


@events.command("dead")
@click.option(
    "--state",
    type=click.Choice(["dead", "parked", "retrying", "all"]),
    default="dead",
    show_default=True,
    help="dead: given up; parked: waits for a newer scrum-mcp; retrying: is tried again by itself.",
)
@_GROUP
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many.")
@click.option("--trace", is_flag=True, help="With the end of the traceback.")
@JSON
@explained
def events_dead(state: str, group: str, limit: int, trace: bool, as_json: bool) -> None:
    """List events that could not be handled. Each with its reason, the latest failure first."""
    from scrum_server.events.commands import STATES, show_letters
    from scrum_server.events.letters import Wanted
    from scrum_server.settings import read_settings

    wanted = Wanted(group, STATES[state], limit)
    if not show_letters(read_settings(), wanted, as_json=as_json, trace=trace):
        sys.exit(1)


@events.command("replay")
@click.argument("ids", nargs=-1, type=click.UUID)
@click.option("--all", "everything", is_flag=True, help="All that are dead or parked.")
@_GROUP
@JSON
@explained
def events_replay(ids: tuple[UUID, ...], everything: bool, group: str, as_json: bool) -> None:
    """Try dead or parked events again. Those with these ids, or all; when an id is wrong, none."""
    from scrum_server.events.commands import send_again
    from scrum_server.settings import read_settings

    if bool(ids) == everything:
        raise click.UsageError("Give the ids of events, or --all.")
    send_again(read_settings(), None if everything else ids, group, as_json=as_json)


@events.command("tail")
@click.option("--from-start", is_flag=True, help="Begin with what the stream still has.")
@click.option("--count", type=click.IntRange(1), help="End after so many.")
@click.option(
    "--store", type=click.Choice(["core", "memory", "chronicle"]), default="core", show_default=True
)
@JSON
@explained
def events_tail(from_start: bool, count: int | None, store: str, as_json: bool) -> None:
    """Follow events as they are relayed. A line each: time, type, project, aggregate, actor."""
    from scrum_server.events.commands import Following, follow
    from scrum_server.settings import read_settings

    follow(read_settings(), Following(store, from_start, count or 0), as_json=as_json)
