"""What can go wrong, for a caller who can do something about it.

    ScrumError
    ├── Invalid       the input breaks a rule: change the input
    ├── NotFound      nothing has this id: look it up
    ├── WrongState    not possible now: another step comes first
    ├── Conflict      somebody else was faster: look again, then repeat
    ├── Refused       a person or a policy has to decide
    └── Unavailable   a server or a store is not there

Leaves live beside the rule that raises them. Every message says what is wrong, what was expected and what
to do next, and can be shown to a model as it is. Whoever raises one has changed nothing.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_MOST_NAMED = 20
"""How many bad entries one message names.
"""


class ScrumError(Exception):
    """The root: anything that a caller should read."""


class Invalid(ScrumError):
    pass


class NotFound(ScrumError):
    pass


class WrongState(ScrumError):
    pass


class Conflict(ScrumError):
    pass


class Refused(ScrumError):
    pass


class Unavailable(ScrumError):
    pass


class BadEntries(Invalid):
    """Some entries of a bulk call are bad; none was applied."""

    def __init__(self, field: str, count: int, problems: list[str]) -> None:
        rest = len(problems) - _MOST_NAMED
        more = [f"... and {rest} more."] if rest > 0 else []
        super().__init__(
            "\n".join(
                [f"{len(problems)} of {count} {field} cannot be taken:", *problems[:_MOST_NAMED], *more]
            )
        )


def each(field: str, entries: Iterable[T], apply: Callable[[T], R]) -> list[R]:
    """Apply to all, or name every bad one.

    Raises:
        BadEntries: at least one entry raised a ScrumError; positions count from 1.
    """
    listed = list(entries)
    results: list[R] = []
    problems: list[str] = []
    for position, entry in enumerate(listed, start=1):
        try:
            results.append(apply(entry))
        except ScrumError as error:
            problems.append(f"{field} #{position}: {error}")
    if problems:
        raise BadEntries(field, len(listed), problems)
    return results
