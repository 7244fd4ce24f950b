"""Why the embedded servers are not there.

Unavailable
├── Unsupported     this platform cannot run them
├── MissingServer   a server's program is not installed
├── Unusable        the data folder cannot be read or written
├── ForeignFolder   the data folder holds something else
├── OtherVersion    the data folder was made by another version
├── NotAsRoot       root lacks what it takes to run a server as somebody else
└── NotStarted      a server did not come up
"""

from pathlib import Path

from scrum.errors import Unavailable

_ELSEWHERE = "or choose another folder with SCRUM_HOME"
_OWN_SERVERS = "set SCRUM_DATABASE_URL and SCRUM_REDIS_URL to servers of your own"


class Unsupported(Unavailable):
    def __init__(self, platform: str) -> None:
        super().__init__(
            f"The embedded servers need Linux or macOS, and this is {platform}. Run scrum-mcp there "
            f"(on Windows: inside WSL 2), or {_OWN_SERVERS}."
        )


class MissingServer(Unavailable):
    def __init__(self, server: str, looked: str, remedy: str) -> None:
        super().__init__(f"{server} is not installed: looked for {looked}. {remedy}, or {_OWN_SERVERS}.")


class Unusable(Unavailable):
    def __init__(self, home: Path, error: OSError) -> None:
        where = error.filename or home
        super().__init__(
            f"The data folder {home} cannot be used: {error.strerror} ({where}). It has to be on a disk with "
            f"free space and belong to the user who runs scrum-mcp: mend that, {_ELSEWHERE}."
        )


class ForeignFolder(Unavailable):
    def __init__(self, home: Path, found: list[str]) -> None:
        super().__init__(
            f"The data folder {home} is not empty and was not made by scrum-mcp: it holds "
            f"{', '.join(found[:5])}. Nothing was changed. Empty it, {_ELSEWHERE}."
        )


class OtherVersion(Unavailable):
    def __init__(self, home: Path, *, found: str, expected: str) -> None:
        super().__init__(
            f"The data folder {home} was made by another version: found {found}, expected {expected}. Nothing "
            f"was changed. Use the version of scrum-mcp that made it, {_ELSEWHERE}."
        )


class NotAsRoot(Unavailable):
    def __init__(self, reason: str) -> None:
        super().__init__(
            "PostgreSQL refuses to run as root, and this root cannot run it as somebody else: "
            f"{reason}. Run scrum-mcp as an ordinary user, or give the container the capabilities "
            "SETUID, SETGID, SETPCAP and DAC_OVERRIDE (Docker's defaults have them)."
        )


class NotStarted(Unavailable):
    def __init__(self, home: Path, reason: str) -> None:
        super().__init__(
            f"The embedded servers in {home} did not start: {reason}. Mend that and start again, or {_OWN_SERVERS}."
        )
