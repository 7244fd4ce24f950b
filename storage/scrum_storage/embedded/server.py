"""What the keeper needs to know of a server."""

from pathlib import Path
from signal import Signals
from typing import Protocol


class Failed(Exception):
    """A program did not do its work; the message says why."""


class Server(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def stop_signal(self) -> Signals: ...

    def prepare(self, lock: int) -> None:
        """Leave the data ready to be served; whatever it starts inherits the lock. Raises Failed or OSError."""

    def command(self) -> list[str]: ...

    def pid(self) -> int | None:
        """Of the server that holds the lock, once it has said so."""

    def version(self) -> str | None:
        """None while it does not answer."""


def pid_in(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def tail(text: str) -> str:
    """The end of a log, in one line."""
    return " | ".join(line.strip() for line in text.splitlines()[-6:] if line.strip())
