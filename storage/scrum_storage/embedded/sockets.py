"""Where the servers listen: a private folder (0700) with a path short enough for a socket.

The folder's mode is what keeps other users of the machine out; behind it PostgreSQL and Redis ask for no
password. It lies in the data folder when that path is short and plain, else in the folder for temporary
files, under a random name that is written down.
"""

import os
import re
import stat
import tempfile
from pathlib import Path

from scrum_storage.embedded.home import Folder, write_whole

POSTGRES_SOCKET = ".s.PGSQL.5432"
REDIS_SOCKET = "redis.sock"

_LONGEST = 100  # bytes; Linux takes 107, macOS 103
_PLAIN = re.compile(r"[A-Za-z0-9/._-]+")  # nothing that a URL or PostgreSQL's list of folders would read


def socket_folder(folder: Folder) -> Path:
    """Call it with the start lock: it makes the folder where there is none."""
    inside = folder.servers / "run"
    if _fits(inside):
        inside.mkdir(mode=0o700, exist_ok=True)
        return inside
    return recorded(folder) or _made(folder)


def recorded(folder: Folder) -> Path | None:
    """The folder in use, None before the first start or when it is gone or no longer private."""
    inside = folder.servers / "run"
    note = folder.servers / "sockets.txt"
    if _fits(inside):
        return inside if inside.exists() else None
    path = Path(note.read_text(encoding="utf-8").strip()) if note.exists() else None
    return path if path and _private(path, folder.servers.stat().st_uid) else None


def _made(folder: Folder) -> Path:
    temporary = Path(tempfile.gettempdir())
    if not _fits(temporary / "scrum-12345678"):
        temporary = Path("/tmp")  # noqa: S108 - only the parent of a folder with a random name and mode 0700
    path = Path(tempfile.mkdtemp(prefix="scrum-", dir=temporary))
    owner = folder.servers.stat()
    if owner.st_uid != os.geteuid():
        os.chown(path, owner.st_uid, owner.st_gid)
    write_whole(folder.servers / "sockets.txt", f"{path}\n")
    return path


def _fits(path: Path) -> bool:
    return bool(_PLAIN.fullmatch(str(path))) and len(str(path / POSTGRES_SOCKET)) <= _LONGEST


def _private(path: Path, owner: int) -> bool:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o077
