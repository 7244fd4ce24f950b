"""Ask a server whether it answers, in its own protocol: an open socket alone says nothing."""

import struct
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from io import BufferedRWPair
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM, socket

_PATIENCE = 5.0  # seconds
_PROTOCOL = struct.pack("!i", 196608)  # PostgreSQL's, version 3.0


def postgres_version(path: Path, *, user: str, database: str) -> str | None:
    """The version that it greets with; None while it accepts no connection."""
    body = _PROTOCOL + f"user\0{user}\0database\0{database}\0\0".encode()
    try:
        with _connected(path) as stream:
            stream.write(struct.pack("!i", len(body) + 4) + body)
            stream.flush()
            greeting = list(_messages(stream))
            stream.write(b"X" + struct.pack("!i", 4))
    except (OSError, struct.error):
        return None
    parameters = dict(text.split(b"\0")[:2] for kind, text in greeting if kind == b"S")
    ready = bool(greeting) and greeting[-1][0] == b"Z"
    return parameters[b"server_version"].decode() if ready else None


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
