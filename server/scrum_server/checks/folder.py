"""The data folder, and what runs in it."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from scrum.errors import ScrumError
from scrum.text import choices
from scrum_server.checks.check import Check, Mark, shown_size
from scrum_storage.embedded.home import LAYOUT, POSTGRES, Folder
from scrum_storage.embedded.postgres import NAME
from scrum_storage.embedded.programs import find_programs
from scrum_storage.embedded.servers import check_platform
from scrum_storage.embedded.sockets import REDIS_SOCKET, recorded
from scrum_storage.embedded.status import ServerStatus, Status, status

LEAST_SPACE = 500_000_000  # bytes


@dataclass(frozen=True)
class Found:
    """The servers to ask; None for one that is not running."""

    database: str | None
    redis: str | None


def own_servers(home: Path) -> tuple[list[Check], Found]:
    """The data folder, and what runs in it."""
    folder = Folder(home.expanduser().resolve())
    try:
        checked = _folder(folder)
        if checked.mark is Mark.BROKEN or not folder.servers.exists():
            return [checked, *_programs()], Found(None, None)
        now = status(home)
        return [checked, *_programs(), *_running(now)], _addresses(folder, now)
    except OSError as error:
        reason = f"{error.strerror} ({error.filename or folder.home}). Mend that, or choose another with SCRUM_HOME"
        return [Check(Mark.BROKEN, "data folder", reason)], Found(None, None)


def _folder(folder: Folder) -> Check:
    home = folder.home
    parent = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(parent).free
    if problem := _unusable(folder, parent, free):
        return Check(
            Mark.BROKEN, "data folder", f"{home} {problem}, or choose another folder with SCRUM_HOME"
        )
    made = "" if home.exists() else " does not exist yet; the first start makes it"
    return Check(Mark.OK, "data folder", f"{home}{made}, {shown_size(free)} free")


def _unusable(folder: Folder, parent: Path, free: int) -> str | None:
    """What is wrong, and what to do about it."""
    if not parent.is_dir() or not os.access(parent, os.R_OK | os.W_OK | os.X_OK):
        return f"cannot be used: {parent} is no folder that you may write. Give yourself the right"
    if free < LEAST_SPACE:
        return f"is on a disk with {shown_size(free)} free, and needs {shown_size(LEAST_SPACE)}. Make room"
    if not folder.marker.exists():
        others = [entry.name for entry in folder.home.iterdir()] if folder.home.exists() else []
        return f"was not made by scrum-mcp: it holds {choices(others, most=5)}. Empty it" if others else None
    if _made_with(folder.marker) != {"layout": LAYOUT, "postgres": POSTGRES}:
        return "was made by another version of scrum-mcp. Use that version"
    return None


def _made_with(marker: Path) -> dict[str, object]:
    """What `scrum-home.json` says, empty when it says nothing."""
    try:
        made = json.loads(marker.read_text(encoding="utf-8"))
        return {name: made[name] for name in ("layout", "postgres")}
    except (ValueError, KeyError, TypeError):
        return {}


def _programs() -> Iterator[Check]:
    try:
        check_platform(sys.platform)
        found = find_programs()
    except ScrumError as error:
        yield Check(Mark.BROKEN, "embedded servers", str(error))
    else:
        yield Check(Mark.OK, "embedded servers", f"{found.postgres}, {found.redis}")


def _running(now: Status) -> Iterator[Check]:
    for server in (now.postgres, now.redis):
        yield _server(server)
    users = "an unknown number of" if now.users is None else now.users
    if now.keeper:
        yield Check(
            Mark.OK, "keeper", f"pid {now.keeper}, {users} processes use the servers, log {now.keeper_log}"
        )


def _server(server: ServerStatus) -> Check:
    about = f"embedded {server.name}"
    kept = f"{shown_size(server.size)} of data, log {server.log}"
    if server.pid is None:
        return Check(Mark.NOTE, about, f"not running; scrum-mcp starts it when it needs it; {kept}")
    if server.version is None:
        return Check(Mark.BROKEN, about, f"pid {server.pid} runs and does not answer: read its log; {kept}")
    return Check(Mark.OK, about, f"pid {server.pid}, version {server.version}, {kept}")


def _addresses(folder: Folder, now: Status) -> Found:
    sockets = recorded(folder)
    if sockets is None:
        return Found(None, None)
    where = quote(str(sockets))
    return Found(
        f"postgresql+asyncpg://{NAME}@/{NAME}?host={where}&port=5432" if now.postgres.version else None,
        f"unix://{where}/{REDIS_SOCKET}?db=0" if now.redis.version else None,
    )
