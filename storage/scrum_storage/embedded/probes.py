"""Ask a server whether it answers, in its own protocol: an open socket alone says nothing."""

import struct
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from io import BufferedRWPair
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM, socket

FULL = "unknown (all its connections are taken)"
"""Where a version should be: the server answers, and says nothing else."""

_NO_CONNECTION = b"C53300"  # the field of an error with its SQLSTATE
_PATIENCE = 5.0  # seconds
_PROTOCOL = struct.pack("!i", 196608)  # PostgreSQL's, version 3.0


def postgres_version(path: Path, *, user: str, database: str) -> str | None:
    """The version that it greets with, or FULL; None while it accepts no connection."""
    body = _PROTOCOL + f"user\0{user}\0database\0{database}\0\0".encode()
    try:
        with _connected(path) as stream:
            stream.write(struct.pack("!i", len(body) + 4) + body)
            stream.flush()
            greeting = list(_messages(stream))
            if greeting[-1][0] == b"Z":
                stream.write(b"X" + struct.pack("!i", 4))
    except (OSError, struct.error):
        return None
    return _version(greeting)


def _version(greeting: list[tuple[bytes, bytes]]) -> str | None:
    kind, text = greeting[-1]
    if kind == b"E":
        return FULL if _NO_CONNECTION in text.split(b"\0") else None
    parameters = dict(text.split(b"\0")[:2] for kind, text in greeting if kind == b"S")
    return parameters[b"server_version"].decode()


def redis_version(path: Path) -> str | None:
    """None while it does not answer or still loads its data."""
    try:
        with _connected(path) as stream:
            stream.write(b"PING\r\nINFO server\r\n")
            stream.flush()
            if stream.readline() != b"+PONG\r\n":
                return None
            text = stream.read(int(stream.readline()[1:])).decode()
    except (OSError, ValueError):
        return None
    facts = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return facts.get("valkey_version", facts["redis_version"])


@contextmanager
def _connected(path: Path) -> Generator[BufferedRWPair, None, None]:
    with socket(AF_UNIX, SOCK_STREAM) as connection:
        connection.settimeout(_PATIENCE)
        connection.connect(str(path))
        with connection.makefile("rwb") as stream:
            yield stream


def _messages(stream: BufferedRWPair) -> Iterator[tuple[bytes, bytes]]:
    """Up to the one that says 'ready' (Z) or 'error' (E)."""
    kind = b""
    while kind not in (b"Z", b"E"):
        kind = stream.read(1)
        length = struct.unpack("!i", stream.read(4))[0] - 4
        yield kind, stream.read(length)
