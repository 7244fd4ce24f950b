"""Addresses of servers: checked when they are read, and shown without secrets."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from scrum.errors import Invalid

_SHAPE = re.compile(
    r"(?P<scheme>[\w+.-]+)://(?P<user>[^/?#@]*@)?(?P<place>[^?#@]*)(?P<rest>[?#].*)?", re.DOTALL
)
_POSTGRES = ("postgres", "postgresql", "postgresql+asyncpg")
_REDIS = ("redis", "rediss", "unix")
_OLLAMA = re.compile(r"https?://[A-Za-z0-9._:\[\]-]+(?:/[A-Za-z0-9._~/-]*)?")
_OPTIONS = ("command_timeout", "host", "passfile", "port", "ssl", "target_session_attrs", "timeout")


class BadAddress(Invalid):
    """Never repeats the address: it may hold a password."""


def database_address(given: str) -> str:
    """For SQLAlchemy and asyncpg, from whichever spelling PostgreSQL's own tools take.

    Raises:
        BadAddress: says what is wrong with it.
    """
    scheme, _, rest = given.partition("://")
    if scheme not in _POSTGRES or not rest:
        raise BadAddress("must begin with postgresql://, like postgresql://user@host:5432/database")
    _check_port(given)
    place, _, query = rest.partition("?")
    options = {"ssl" if name == "sslmode" else name: value for name, value in parse_qsl(query)}
    unknown = sorted(set(options) - set(_OPTIONS))
    if unknown:
        raise BadAddress(f"has the option {unknown[0]}, which is not known; known are {', '.join(_OPTIONS)}")
    return f"postgresql+asyncpg://{place}{'?' if options else ''}{urlencode(options)}"


def redis_address(given: str) -> str:
    """Raises BadAddress: says what is wrong with it."""
    if given.partition("://")[0] not in _REDIS:
        raise BadAddress("must begin with redis://, rediss:// or unix://, like redis://host:6379/0")
    _check_port(given)
    return given


def ollama_address(given: str) -> str:
    """Raises BadAddress: says what is wrong with it."""
    if not _OLLAMA.fullmatch(given):
        raise BadAddress("must be like http://127.0.0.1:11434, without a user, a password or options")
    _check_port(given)
    return given


def shown_address(url: str) -> str:
    """Where it leads; nothing of who goes there, nor of its options."""
    match = _SHAPE.fullmatch(url)
    if match is None or ("@" in url and not match["user"]):
        return f"{url.partition('://')[0]}://***"
    return f"{match['scheme']}://{'***@' if match['user'] else ''}{match['place']}"


def _check_port(url: str) -> None:
    try:
        _ = urlsplit(url).port
    except ValueError as error:
        raise BadAddress(
            "has a port that is no number from 0 to 65535; write characters like / ? # @ in a password as %2F "
            "%3F %23 %40"
        ) from error
