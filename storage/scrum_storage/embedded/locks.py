"""Locks that the kernel releases when their holder dies, even by kill -9.

A lock (flock) belongs to an open file, not to a process: whoever inherits the descriptor holds the lock as
well, and it is free when the last copy is closed. So a lock is handed over by passing its descriptor to a new
process and closing one's own copy, and a server that inherited one shows by it that it lives.
"""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def share(path: Path) -> int:
    """Wait for a shared lock; answers its descriptor, closed on exec."""
    return _locked(path, fcntl.LOCK_SH)


def take(path: Path) -> int:
    """Wait for the exclusive lock."""
    return _locked(path, fcntl.LOCK_EX)


def try_take(path: Path) -> int | None:
    try:
        return _locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None


def is_taken(path: Path) -> bool:
    """Whether somebody holds the exclusive lock; False where there is no such file."""
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return is_locked(file)
    finally:
        os.close(file)


def is_locked(file: int) -> bool:
    """The same for an open file, which works after the path is gone."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(file, fcntl.LOCK_UN)
    return False


def release(lock: int) -> None:
    """Free it for every process that holds a copy: a forked child does not prolong its parent's lease."""
    fcntl.flock(lock, fcntl.LOCK_UN)
    os.close(lock)


def when_alone(path: Path, then: Callable[[], None]) -> None:
    """Call `then` from a thread once all shares are gone, and keep new ones waiting from there on."""

    def wait() -> None:
        take(path)
        then()

    threading.Thread(target=wait, daemon=True).start()


def when_free(path: Path, then: Callable[[], None]) -> None:
    """Call `then` from a thread once the exclusive lock is free."""

    def wait() -> None:
        os.close(share(path))
        then()

    threading.Thread(target=wait, daemon=True).start()


def _locked(path: Path, how: int) -> int:
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, how)
    except BaseException:
        os.close(lock)
        raise
    return lock
