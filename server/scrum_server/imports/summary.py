"""What people see of an import: how far it is, on stderr, and what it did, on stdout."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from statistics import mean, median

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from scrum_server.imports import backlog, history
from scrum_server.imports.columns import Layout
from scrum_server.imports.csv_file import Record, Track

Facts = dict[str, str]


@contextmanager
def stage(about: str) -> Generator[Track]:
    """Shows that it goes on, and with what is tracked how far it is; nothing where nobody looks."""
    console = Console(stderr=True)
    shown = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*shown, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(about, total=None)

        def track(records: Sequence[Record]) -> Iterable[Record]:
            return progress.track(records, task_id=task)

        yield track


def backlog_facts(read: backlog.Backlog, done: backlog.Imported) -> Facts:
    estimates = [entry.draft.points for entry in read.entries]
    known = [points for points in estimates if points is not None]
    return {
        "project": _project(done.project, created=done.created),
        "rows read": str(len(read.entries)),
        "items": f"{done.new} new, {done.known} there already",
        "estimates": f"{len(known)} with points, {len(estimates) - len(known)} not estimated",
        "total points": str(sum(known)),
        **_columns(read.layout),
    }


def history_facts(read: history.History, done: history.Imported) -> Facts:
    completed = [past.completed_points for past in read.sprints]
    velocity = f"mean {mean(completed):.1f}, median {median(completed):g}, " if completed else ""
    return {
        "project": _project(done.project, created=done.created),
        **({"team": read.team} if read.team else {}),
        "sprints": f"{done.new} new, {done.changed} changed, {done.same} there already",
        "velocity": f"{velocity}n {len(completed)} (points per sprint, imported)",
        **_columns(read.layout),
    }


def show(title: str, facts: Facts) -> None:
    table = Table(title=Text(title), title_justify="left", show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts.items():
        table.add_row(name, Text(value))
    Console(highlight=False).print(table)


def _project(key: str, *, created: bool) -> str:
    return f"{key} (new, with default settings)" if created else key


def _columns(layout: Layout) -> Facts:
    return {
        "columns used": ", ".join(layout.used),
        "columns ignored": ", ".join(layout.ignored) or "none",
    }
