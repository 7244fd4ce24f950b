"""The commands `import-backlog` and `import-history`."""

import asyncio
import getpass
import time

from scrum.clock import system
from scrum.events import By
from scrum.team.project import project_key
from scrum_server.imports.backlog import import_backlog, read_backlog
from scrum_server.imports.csv_file import CsvFile
from scrum_server.imports.history import import_history, read_history
from scrum_server.imports.summary import Facts, backlog_facts, history_facts, show, stage
from scrum_server.operate import opened
from scrum_server.settings import Settings


def import_backlog_file(settings: Settings, source: CsvFile, project: str) -> None:
    """Raises Invalid, Conflict or Unavailable; then nothing was imported."""
    began = time.perf_counter()
    key = project_key(project)
    with stage("Reading") as track:
        backlog = read_backlog(source, track)

    async def run() -> Facts:
        async with opened(settings) as store:
            return backlog_facts(backlog, await import_backlog(store, key, backlog, _by(source)))

    with stage("Storing"):
        facts = asyncio.run(run())
    _show(source, facts, began)


def import_history_file(settings: Settings, source: CsvFile, project: str, team: str) -> None:
    """Raises Invalid, Conflict or Unavailable; then nothing was imported."""
    began = time.perf_counter()
    key = project_key(project)
    with stage("Reading") as track:
        history = read_history(source, team, track)

    async def run() -> Facts:
        async with opened(settings) as store:
            return history_facts(history, await import_history(store, key, history, _by(source)))

    with stage("Storing"):
        facts = asyncio.run(run())
    _show(source, facts, began)


def _by(source: CsvFile) -> By:
    return By(getpass.getuser(), system(), f"imported from {source.path.name}")


def _show(source: CsvFile, facts: Facts, began: float) -> None:
    show(f"Imported {source.path.name}", {**facts, "time": f"{time.perf_counter() - began:.1f} s"})
