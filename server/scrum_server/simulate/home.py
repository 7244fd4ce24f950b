"""A data folder for one simulation alone: fresh, and gone afterwards with all that ran in it."""

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from scrum.errors import Invalid
from scrum_storage.embedded import locks
from scrum_storage.embedded.home import Folder
from scrum_storage.embedded.sockets import recorded


@contextmanager
def temporary_home() -> Generator[Path]:
    home = Path(tempfile.mkdtemp(prefix="scrum-demo-"))
    try:
        yield home
    finally:
        _remove(Folder(home.resolve()))


def _remove(folder: Folder) -> None:
    """Once nobody uses the servers, their keeper stops them and then frees its own lock."""
    for name in ("keeper", "postgres", "redis"):
        if folder.lock(name).exists():
            os.close(locks.share(folder.lock(name)))
    sockets = recorded(folder) if folder.servers.exists() else None
    if sockets and not sockets.is_relative_to(folder.home):
        shutil.rmtree(sockets)
    shutil.rmtree(folder.home)


class NotEmpty(Invalid):
    def __init__(self, folder: Path) -> None:
        super().__init__(f"--keep {folder}: something is there. Choose a new folder, or an empty one.")


@contextmanager
def kept_home(folder: Path) -> Generator[Path]:
    """Of that folder, which stays. Raises NotEmpty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotEmpty(folder)
    folder.mkdir(parents=True, exist_ok=True)
    yield folder.resolve()
