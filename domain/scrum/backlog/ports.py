"""What the backlog context needs from outside."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from scrum.backlog.model import Item, Page, Where
from scrum.team.ports import TeamWork


class Items(Protocol):
    async def of(self, project: str, keys: Collection[str]) -> dict[str, Item]:
        """Those that exist."""
        ...

    async def open(self, project: str) -> tuple[Item, ...]:
        """Everything that is not done or cancelled, in backlog order."""
        ...

    async def in_sprint(self, sprint: str) -> tuple[Item, ...]:
        """The items of one sprint, in backlog order."""
        ...

    async def page(self, project: str, where: Where, *, after: int | None, limit: int) -> Page: ...

    async def order(self, project: str) -> list[tuple[str, int]]:
        """Keys and ranks of the open backlog, lowest rank first."""
        ...

    async def keys_like(self, project: str, prefix: str, limit: int) -> list[str]:
        """Keys of open items that begin so, in backlog order."""
        ...

    async def last_rank(self, project: str) -> int: ...

    async def dependencies(self, project: str) -> dict[str, frozenset[str]]:
        """Of every item that has some."""
        ...

    async def by_external_key(self, project: str, keys: Collection[str]) -> dict[str, str]:
        """External key to item key, of those that are known."""
        ...

    async def descriptions(self, project: str, keys: Collection[str]) -> dict[str, str]: ...

    async def add(self, items: Sequence[Item], descriptions: Mapping[str, str]) -> None: ...

    async def put(self, items: Sequence[Item]) -> None: ...

    async def describe(self, project: str, descriptions: Mapping[str, str]) -> None: ...

    async def rerank(self, project: str, ranks: Mapping[str, int]) -> None: ...


class BacklogWork(TeamWork, Protocol):
    @property
    def items(self) -> Items: ...
