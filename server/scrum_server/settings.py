"""Settings: read once from the environment, here and nowhere else."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, Self

import platformdirs
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from scrum.errors import Invalid
from scrum.text import nearest
from scrum_server.addresses import (
    BadAddress,
    database_address,
    ollama_address,
    redis_address,
    shown_address,
)

PREFIX = "SCRUM_"
SHORTEST_KEY = 32
STORES = ("core", "memory", "chronicle")
MODEL_NAME = r"^[A-Za-z0-9_]+([-./:][A-Za-z0-9_]+)*$"


class BadSettings(Invalid):
    """Names each variable that is wrong, and how."""


def _split(given: object) -> object:
    return (
        tuple(name for name in map(str.strip, given.split(",")) if name) if isinstance(given, str) else given
    )


def _checked(check: Callable[[str], str], given: SecretStr | None) -> SecretStr | None:
    """Raises ValueError, as pydantic wants it."""
    try:
        _ = check(given.get_secret_value()) if given else None
    except BadAddress as error:
        raise ValueError(str(error)) from error
    return given


def _usable_keys(given: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    """Raises ValueError, as pydantic wants it; never repeats a key."""
    for place, key in enumerate(given, start=1):
        size = len(key.get_secret_value().encode())
        if size < SHORTEST_KEY:
            raise ValueError(
                f"key {place} of {len(given)} has {size} bytes, and a key needs {SHORTEST_KEY} or more. Make one with: "
                'python3 -c "import secrets; print(secrets.token_hex(32))"'
            )
    if len(set(given)) < len(given):
        raise ValueError("a key is there twice; each may be there once")
    return given


class Settings(BaseModel):
    """What an operator can choose; `scrum-mcp settings` prints the effective values."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    home: Annotated[Path, Field(description="Folder of the embedded servers' data")] = Path(
        platformdirs.user_data_dir("scrum-mcp", appauthor=False)
    )
    database_url: Annotated[
        SecretStr | None,
        AfterValidator(partial(_checked, database_address)),
        Field(description="PostgreSQL to use instead of the embedded one"),
    ] = None
    memory_database_url: Annotated[
        SecretStr | None,
        AfterValidator(partial(_checked, database_address)),
        Field(description="PostgreSQL of the store memory, where that is another one"),
    ] = None
    chronicle_database_url: Annotated[
        SecretStr | None,
        AfterValidator(partial(_checked, database_address)),
        Field(description="PostgreSQL of the store chronicle, where that is another one"),
    ] = None
    redis_url: Annotated[
        SecretStr | None,
        AfterValidator(partial(_checked, redis_address)),
        Field(description="Redis to use instead of the embedded one"),
    ] = None
    redis_prefix: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9_.-]{1,40}$",
            description="First part of the names in Redis; another one for each database that shares it",
        ),
    ] = "scrum"
    ollama_url: Annotated[
        SecretStr | None,
        AfterValidator(partial(_checked, ollama_address)),
        Field(description="Ollama that words the reasoning of plans; none: it is composed"),
    ] = None
    ollama_model: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9._:/-]{1,100}$", description="Model of Ollama")
    ] = "llama3.2"
    ollama_seconds: Annotated[
        float, Field(ge=0.1, le=60, description="Seconds that a plan waits for its words at most")
    ] = 8.0
    embedder: Annotated[
        Literal["built-in", "ollama"],
        Field(description="What makes vectors of situations, to find them by meaning"),
    ] = "built-in"
    embedding_model: Annotated[
        str,
        Field(pattern=MODEL_NAME, description="Model of Ollama that does so, where the embedder is ollama"),
    ] = "nomic-embed-text"
    worker: Annotated[
        bool,
        Field(
            description="The server relays and handles events and delivers ceremonies itself; false where workers of their own do"
        ),
    ] = True
    takeover_seconds: Annotated[
        float,
        Field(ge=0.2, le=3600, description="Seconds after which a worker takes over what another one began"),
    ] = 15.0
    host: Annotated[str, Field(description="Address that HTTP listens on; loopback only")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="Port that HTTP listens on; 0 chooses one")] = 8765
    toolsets: Annotated[
        tuple[str, ...], BeforeValidator(_split), Field(description="Toolsets to offer, separated by commas")
    ] = ("all",)
    read_only: Annotated[bool, Field(description="Offer no tool that writes")] = False
    request_state_keys: Annotated[
        tuple[SecretStr, ...],
        BeforeValidator(_split),
        AfterValidator(_usable_keys),
        Field(description="Keys shared by all servers behind one address: the first seals, each opens"),
    ] = ()
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], Field(description="Least severity that is logged")
    ] = "WARNING"
    virtual_time: Annotated[
        bool, Field(description="Clients set the time of each call: for simulations only")
    ] = False

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        """Raises ValueError, as pydantic wants it."""
        if self.embedder == "ollama" and self.ollama_url is None:
            raise ValueError("SCRUM_EMBEDDER is ollama, so SCRUM_OLLAMA_URL has to say where that is")
        return self

    def with_options(
        self, *, host: str | None, port: int | None, toolsets: str | None, read_only: bool
    ) -> "Settings":
        """The same with what the command line says."""
        given = {"host": host, "port": port, "toolsets": toolsets}
        options = {name: value for name, value in given.items() if value is not None}
        return Settings.model_validate({**dict(self), **options, "read_only": read_only or self.read_only})

    @property
    def database(self) -> str | None:
        """The database URL, for SQLAlchemy and asyncpg."""
        return self._address(self.database_url)

    def database_of(self, store: str) -> str | None:
        """Where a store is; None for the embedded PostgreSQL."""
        return self._address(self._own.get(store)) or self.database

    @property
    def at_home(self) -> list[str]:
        """The stores that are where `core` is."""
        return [store for store in STORES if not self._own.get(store)]

    @property
    def _own(self) -> dict[str, SecretStr | None]:
        return {"memory": self.memory_database_url, "chronicle": self.chronicle_database_url}

    def _address(self, given: SecretStr | None) -> str | None:
        return database_address(given.get_secret_value()) if given else None

    @property
    def redis(self) -> str | None:
        return self.redis_url.get_secret_value() if self.redis_url else None

    @property
    def ollama(self) -> str | None:
        return self.ollama_url.get_secret_value() if self.ollama_url else None

    def shown(self) -> dict[str, str]:
        """Effective values by variable, without secrets."""
        return {f"{PREFIX}{name.upper()}": _shown(getattr(self, name)) for name in type(self).model_fields}


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Raises BadSettings: a variable is unknown, or its value is wrong."""
    known = {f"{PREFIX}{name.upper()}": name for name in Settings.model_fields}
    given = {name: value for name, value in environment.items() if name.startswith(PREFIX) and value}
    unknown = [
        f"{name} is not a setting.{nearest(name, known)}" for name in sorted(given) if name not in known
    ]
    if unknown:
        raise BadSettings(f"{' '.join(unknown)} Settings: {', '.join(known)}.")
    try:
        return Settings.model_validate({known[name]: value for name, value in given.items()})
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        named = [_problem(problem["loc"], problem["msg"]) for problem in problems]
        raise BadSettings("; ".join(named)) from error


def _problem(where: tuple[int | str, ...], what: str) -> str:
    """Without a place where it is about more than one variable."""
    named = f"{PREFIX}{str(where[0]).upper()}: " if where else ""
    return f"{named}{what.removeprefix('Value error, ')}"


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return shown_address(value.get_secret_value())
    if isinstance(value, tuple):
        return ",".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType] # tuple of names, or of keys that str hides
    return "" if value is None else str(value)
