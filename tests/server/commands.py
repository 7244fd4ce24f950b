"""The installed command, as people call it."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 120.0  # seconds


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str


async def scrum_mcp(*arguments: str, **settings: str) -> Answer:
    """Run it with these settings alone, and wait for its end."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("SCRUM_")}
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("scrum-mcp"),
        *arguments,
        env={**known, "COLUMNS": "200", **settings},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Answer(process.returncode or 0, out.decode(), err.decode())
