"""`scrum-mcp doctor`: looks at each part. It starts nothing, makes nothing and shows no secrets."""

import asyncio
import platform
import sys
from importlib.metadata import version

import click

from scrum_server.checks.ceremonies import ceremonies
from scrum_server.checks.check import Check, Mark, ok_when
from scrum_server.checks.events import events
from scrum_server.checks.folder import Found, own_servers
from scrum_server.checks.ollama import ollama
from scrum_server.checks.port import port_check
from scrum_server.checks.servers import postgres, redis
from scrum_server.settings import BadSettings, Settings, read_settings

OLDEST_PYTHON = (3, 11)


def diagnose() -> bool:
    """As `examine`, with the settings of the environment; when they are wrong it says so, and looks no further."""
    try:
        settings = read_settings()
    except BadSettings as error:
        return _told([_python(), _program(), Check(Mark.BROKEN, "settings", str(error))])
    return examine(settings)


def examine(settings: Settings) -> bool:
    """Print a line for each check; whether nothing is broken."""
    return _told(asyncio.run(checks(settings)))


async def checks(settings: Settings) -> list[Check]:
    listed = [_python(), _program(), _settings(settings)]
    own = Found(None, None)
    if settings.database is None or settings.redis is None:
        seen, own = await asyncio.to_thread(own_servers, settings.home)
        listed += seen
    database_url, redis_url = settings.database or own.database, settings.redis or own.redis
    listed += await postgres(database_url) if database_url else [_not_running("PostgreSQL")]
    listed.append(await redis(redis_url) if redis_url else _not_running("Redis"))
    listed += await events(settings, own.database)
    listed += await ceremonies(settings, own.database)
    listed += await ollama(settings)
    return [*listed, await asyncio.to_thread(port_check, settings.host, settings.port)]


def _told(listed: list[Check]) -> bool:
    for check in listed:
        click.echo(str(check))
    return all(check.mark is not Mark.BROKEN for check in listed)


def _python() -> Check:
    enough = tuple(map(int, platform.python_version_tuple()[:2])) >= OLDEST_PYTHON
    needed = (
        "" if enough else f"; scrum-mcp needs {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or newer: install that"
    )
    return Check(ok_when(enough), "Python", f"{platform.python_version()} at {sys.executable}{needed}")


def _program() -> Check:
    return Check(Mark.OK, "scrum-mcp", version("scrum-mcp"))


def _settings(settings: Settings) -> Check:
    if settings.database and not settings.redis:
        return Check(
            Mark.NOTE,
            "settings",
            "SCRUM_DATABASE_URL is set and SCRUM_REDIS_URL is not: Redis is this machine's alone. Set it as well "
            "where other machines use the same database, or each sends the events of the others again",
        )
    chosen = [f"SCRUM_{name.upper()}" for name in sorted(settings.model_fields_set)]
    return Check(Mark.OK, "settings", f"valid; set: {', '.join(chosen) or 'none'}")


def _not_running(name: str) -> Check:
    return Check(Mark.NOTE, name, "the embedded one is not running; scrum-mcp starts it when it needs it")
