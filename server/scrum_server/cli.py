"""The command line. Each command imports what it needs: the server has to start fast."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from scrum_server.cli_ceremonies import tick
from scrum_server.cli_events import events
from scrum_server.cli_simulate import simulate
from scrum_server.explained import JSON, explained

_MAP = click.option(
    "--map", "mapping", multiple=True, metavar="OURS=THEIRS", help="Another column name; repeatable."
)
_ENCODING = click.option(
    "--encoding", default="utf-8", show_default=True, help="How the text of the file is encoded."
)


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
@_MAP
@_ENCODING
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
@_MAP
@_ENCODING
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
@_MAP
@_ENCODING
@click.option(
    "--least", type=click.IntRange(2), default=5, show_default=True, help="Sprints before the first forecast."
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the forecasts to this CSV file."
)
@click.option("--plot", is_flag=True, help="Draw each forecast beside what came.")
@click.option(
    "--learning", is_flag=True, help="Whether what is learned from sprints makes better commitments."
)
@JSON
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
    """Relay and handle events and deliver ceremonies until SIGTERM or SIGINT; what was begun is finished then.

    Any number may run. Servers do the same unless SCRUM_WORKER=false.
    """
    from scrum_server.settings import read_settings
    from scrum_server.worker import run_worker

    options = read_settings().with_options(host=host, port=None, toolsets=None, read_only=False)
    run_worker(options, port)


@main.command()
@explained
def migrate() -> None:
    """Bring the database to the version that this scrum-mcp needs."""
    from scrum_server.operate import migrate_now
    from scrum_server.settings import read_settings

    applied = migrate_now(read_settings())
    click.echo(f"Applied: {', '.join(applied)}" if applied else "Nothing to do: the database is up to date.")


@main.command()
@click.option("--project", required=True, help="Key of the project, like SHOP.")
@explained
def strategies(project: str) -> None:
    """Show the strategies of a project, and how much speaks for each."""
    from scrum_server.settings import read_settings
    from scrum_server.strategies import show_strategies

    show_strategies(read_settings(), project)


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


main.add_command(events)
main.add_command(tick)
main.add_command(simulate)
