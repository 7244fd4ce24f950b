"""The data folder: what lies where in it, and whether it is ours.

scrum-home.json   who made it: the layout's version and PostgreSQL's
servers/          private (0700): data, logs and locks of the two servers
"""

import json
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrum_storage.embedded.errors import ForeignFolder, OtherVersion, Unusable

LAYOUT = 1
POSTGRES = 18

_MARKER = "scrum-home.json"
_HARMLESS = ("lost+found",)  # an empty volume has one


@dataclass(frozen=True)
class Folder:
    home: Path

    @property
    def servers(self) -> Path:
        return self.home / "servers"

    @property
    def marker(self) -> Path:
        return self.home / _MARKER

    @property
    def failure(self) -> Path:
        """Why the last keeper gave up."""
        return self.servers / "failure.txt"

    def data(self, name: str) -> Path:
        return self.servers / name

    def lock(self, name: str) -> Path:
        return self.servers / f"{name}.lock"

    def log(self, name: str) -> Path:
        return self.servers / f"{name}.log"


def claim(home: Path) -> Folder:
    """Make the folder, or find that it is ours. Raises ForeignFolder, OtherVersion or Unusable."""
    folder = Folder(home.expanduser().resolve())
    with usable(folder.home):
        folder.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        _mark_or_check(folder)
        folder.servers.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(folder.lock("lease"), os.O_RDWR | os.O_CREAT, 0o600))
    return folder


@contextmanager
def usable(home: Path) -> Generator[None, None, None]:
    """What the system refuses below the folder is Unusable."""
    try:
        yield
    except OSError as error:
        raise Unusable(home, error) from error


def write_whole(path: Path, text: str) -> None:
    """All of it or nothing, and on the disk when this returns."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    entry = os.open(path, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)


def _mark_or_check(folder: Folder) -> None:
    """The marker is the first file: whoever starts at the same instant sees it, or an empty folder."""
    found = sorted(
        entry.name for entry in folder.home.iterdir() if not entry.name.startswith((_MARKER, *_HARMLESS))
    )
    if folder.marker.exists():
        _check(folder)
    elif found:
        raise ForeignFolder(folder.home, found)
    else:
        made = {"made_by": "scrum-mcp", "layout": LAYOUT, "postgres": POSTGRES}
        write_whole(folder.marker, json.dumps(made) + "\n")


def _check(folder: Folder) -> None:
    expected = f"layout {LAYOUT} with PostgreSQL {POSTGRES}"
    found = _marked(folder.marker)
    if found != expected:
        raise OtherVersion(folder.home, found=found, expected=expected)
    version = folder.data("postgres") / "PG_VERSION"
    if version.exists() and (major := version.read_text(encoding="ascii").strip()) != str(POSTGRES):
        raise OtherVersion(folder.home, found=f"data of PostgreSQL {major}", expected=expected)


def _marked(marker: Path) -> str:
    text = marker.read_text(encoding="utf-8", errors="replace")
    try:
        made: Any = json.loads(text)
        return f"layout {made['layout']} with PostgreSQL {made['postgres']}"
    except (ValueError, KeyError, TypeError):
        return f"{marker.name} with {text[:80]!r}"
