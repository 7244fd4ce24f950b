"""The command line. Each command imports what it needs: the server has to start fast."""

import sys
from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any, ParamSpec
from uuid import UUID

import click

from scrum.errors import ScrumError

P = ParamSpec("P")


def explained(command: Callable[P, None]) -> Callable[P, None]:
    """Our own errors end a command with their text and status 1, without a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except ScrumError as error:
            click.echo(f"scrum-mcp: {error}", err=True)
            sys.exit(1)

    return run


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("scrum-mcp"))
@click.pass_context
def main(context: click.Context) -> None:
    """A digital Scrum Master for MCP clients. Without a command it serves over stdio."""
    if context.invoked_subcommand is None:
        context.invoke(serve)


@main.command()
@click.option("--http", is_flag=True, help="Streamable HTTP instead of stdio.")
@click.option("--host", help="Address to listen on; loopback only.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 chooses one.")
@click.option("--toolsets", help="Which tools to offer: core, ceremonies, memory, integrations or all.")
@click.option("--read-only", is_flag=True, help="Offer no tool that writes.")
@explained
def serve(http: bool, host: str | None, port: int | None, toolsets: str | None, read_only: bool) -> None:
    """Serve MCP clients, over stdio or over HTTP."""
    from scrum_server.serve import serve_http, serve_stdio
    from scrum_server.settings import read_settings

    settings = read_settings().with_options(host=host, port=port, toolsets=toolsets, read_only=read_only)
    (serve_http if http else serve_stdio)(settings)


@main.command("import-backlog")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--project", required=True, help="Key of the project, like SHOP; made when there is none.")
@click.option(
    "--map", "mapping", multiple=True, metavar="OURS=THEIRS", help="Another column name; repeatable."
)
@click.option("--encoding", default="utf-8", show_default=True, help="How the text of the file is encoded.")
@explained
def import_backlog(file: Path, project: str, mapping: tuple[str, ...], encoding: str) -> None:
    """Import backlog items from a CSV file, all or none. Items that are there already stay as they are.

    Columns: external_key (or issuekey), title, description, points (or storypoint), type, priority, labels,
    skills, assignee, due, depends_on.
    """
    from scrum_server.imports.commands import import_backlog_file
    from scrum_server.imports.csv_file import CsvFile
    from scrum_server.settings import read_settings

    import_backlog_file(read_settings(), CsvFile(file, mapping, encoding), project)


@main.command("import-history")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--project", required=True, help="Key of the project, like SHOP; made when there is none.")
@click.option("--team", default="", help="The team of the file, when it has several.")
@click.option(
    "--map", "mapping", multiple=True, metavar="OURS=THEIRS", help="Another column name; repeatable."
)
@click.option("--encoding", default="utf-8", show_default=True, help="How the text of the file is encoded.")
@explained
def import_history(file: Path, project: str, team: str, mapping: tuple[str, ...], encoding: str) -> None:
    """Import completed sprints from a CSV file, all or none; the same file twice changes nothing.

    Columns: seq, completed_points, and if known team, sprint_name, days, members, committed_points,
    completed_items.
    """
    from scrum_server.imports.commands import import_history_file
    from scrum_server.imports.csv_file import CsvFile
    from scrum_server.settings import read_settings

    import_history_file(read_settings(), CsvFile(file, mapping, encoding), project, team)


@main.command()
@click.option(
    "--history",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV file of past sprints, of one team or of many.",
)
@click.option("--project", help="Instead of a file: the past sprints of this project, like SHOP.")
@click.option("--team", multiple=True, help="Only this team of the file; repeatable.")
@click.option(
    "--map", "mapping", multiple=True, metavar="OURS=THEIRS", help="Another column name; repeatable."
)
@click.option("--encoding", default="utf-8", show_default=True, help="How the text of the file is encoded.")
@click.option(
    "--least", type=click.IntRange(2), default=5, show_default=True, help="Sprints before the first forecast."
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the forecasts to this CSV file."
)
@click.option("--plot", is_flag=True, help="Draw each forecast beside what came.")
@click.option("--json", "as_json", is_flag=True, help="JSON, for programs.")
@explained
def backtest(**options: Any) -> None:
    """Forecast past sprints from those before them, and compare with what came and with simple forecasts.

    Columns: team, seq, completed_points, and if known days, working_days, members, availability, committed_points.
    docs/backtest.md says what each figure means.
    """
    from scrum_server.backtest import commands
    from scrum_server.settings import read_settings

    commands.backtest(read_settings(), commands.Asked(**options).checked())


@main.command()
@click.argument("plan")
@explained
def commit(plan: str) -> None:
    """Commit a plan as a person: this is how a plan of a project with autonomy `suggest` becomes a sprint."""
    from scrum_server.people import commit_as_person
    from scrum_server.settings import read_settings

    click.echo(commit_as_person(read_settings(), plan))


@main.command()
@click.option("--host", help="Address to listen on; loopback only.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Listen for /health/live, /health/ready and /metrics; 0 chooses one. Default: listen to nobody.",
)
@explained
def worker(host: str | None, port: int | None) -> None:
    """Relay and handle events until SIGTERM or SIGINT; what was begun is finished then. Any number may run.

    Servers do the same unless SCRUM_WORKER=false.
    """
    from scrum_server.settings import read_settings
    from scrum_server.worker import run_worker

    options = read_settings().with_options(host=host, port=None, toolsets=None, read_only=False)
    run_worker(options, port)


_JSON = click.option("--json", "as_json", is_flag=True, help="JSON, for programs.")
_GROUP = click.option("--group", default="", help="Only of this consumer group, like chronicle.")


@main.group()
def events() -> None:
    """See how events flow, and why some could not be handled."""


@events.command("status")
@_JSON
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
@_JSON
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
@_JSON
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
@_JSON
@explained
def events_tail(from_start: bool, count: int | None, store: str, as_json: bool) -> None:
    """Follow events as they are relayed. A line each: time, type, project, aggregate, actor."""
    from scrum_server.events.commands import Following, follow
    from scrum_server.settings import read_settings

    follow(read_settings(), Following(store, from_start, count or 0), as_json=as_json)


@main.command()
@explained
def migrate() -> None:
    """Bring the database to the version that this scrum-mcp needs."""
    from scrum_server.operate import migrate_now
    from scrum_server.settings import read_settings

    applied = migrate_now(read_settings())
    click.echo(f"Applied: {', '.join(applied)}" if applied else "Nothing to do: the database is up to date.")


@main.command()
@explained
def reembed() -> None:
    """Make the vectors that episodes lack of the embedding model that the settings choose."""
    from scrum_server.reembed import reembed as make_vectors
    from scrum_server.settings import read_settings

    make_vectors(read_settings())


@main.command()
@explained
def settings() -> None:
    """Print the effective settings, without secrets."""
    from scrum_server.settings import Settings, read_settings

    for name, value in read_settings().shown().items():
        about = Settings.model_fields[name.removeprefix("SCRUM_").lower()].description
        click.echo(f"{name}={value}  # {about}")


@main.command()
@explained
def doctor() -> None:
    """Check each part and say what to do about what does not work."""
    from scrum_server.doctor import diagnose

    if not diagnose():
        sys.exit(1)


@main.command()
@click.option("--seed", default=7, show_default=True, help="Chance of the simulated team.")
@explained
def demo(seed: int) -> None:
    """Play three sprints of a simulated team on a fresh, temporary data folder."""
    from scrum_server.demo.play import play

    play(seed)
