"""Work that one of the processes on a data folder does for all of them."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from scrum_storage.embedded import locks
from scrum_storage.embedded.home import Folder


@contextmanager
def turn(home: Path) -> Generator[bool]:
    """Whether it is ours, until this is left: another process gets it then, or when ours is killed."""
    folder = Folder(home.expanduser().resolve())
    held = locks.try_take(folder.lock("worker")) if folder.servers.exists() else None
    try:
        yield held is not None
    finally:
        if held is not None:
            locks.release(held)
