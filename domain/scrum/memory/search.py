"""What is asked of memory, and what it answers."""

from dataclasses import dataclass
from datetime import datetime

from scrum.errors import Invalid
from scrum.memory.embedding import Embedding
from scrum.memory.model import Context, Episode, Features, Result
from scrum.text import choices

_TOLD = {
    "team_size": "team of",
    "velocity": "velocity",
    "availability": "availability",
    "days_away": "days away",
    "carry_over": "carried over",
    "scope": "scope",
}
_CLOSE = 0.1
"""Features are called alike when they differ by at most this share of the larger one."""


class NoTimeBetween(Invalid):
    def __init__(self, since: datetime, until: datetime) -> None:
        super().__init__(
            f"since is {since:%Y-%m-%d}, and until is {until:%Y-%m-%d}: nothing was decided from the one to before the "
            "other. Give an until after since."
        )


@dataclass(frozen=True)
class Where:
    """Which episodes are searched; `since` is included, `until` is not, nor is the episode of the plan `beside`.

    `others` are projects that share theirs with `project`. Raises NoTimeBetween.
    """

    project: str = ""
    since: datetime | None = None
    until: datetime | None = None
    result: Result | None = None
    beside: str = ""
    others: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.since and self.until and self.until <= self.since:
            raise NoTimeBetween(self.since, self.until)

    @property
    def words(self) -> str:
        """For whoever reads the answer."""
        parts = [
            self._whose,
            f"since {self.since:%Y-%m-%d %H:%M}" if self.since else "",
            f"before {self.until:%Y-%m-%d %H:%M}" if self.until else "",
            f"with the outcome {self.result}" if self.result else "",
            f"beside that of {self.beside}" if self.beside else "",
        ]
        return " ".join(["episodes", *filter(None, parts)])

    @property
    def _whose(self) -> str:
        if not self.project:
            return "of all projects"
        shared = f" and of {choices(self.others, most=5)}, which share theirs" if self.others else ""
        return f"of {self.project}{shared}"


@dataclass(frozen=True)
class Query:
    """A situation, and its vector where an embedder made one; without it, words and numbers are compared alone."""

    context: Context
    embedding: Embedding | None = None
    where: Where = Where()
    limit: int = 10


@dataclass(frozen=True)
class Near:
    """The place in each of the lists that were merged, from 1; None where it is not in the list.

    A place says only what is nearer than others: `cosine` says how near the meaning is, 1 being the same.
    """

    meaning: int | None
    wording: int | None
    numbers: int | None
    cosine: float | None = None


@dataclass(frozen=True)
class Hit:
    episode: Episode
    score: float
    near: Near
    why: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """The best first. `scope` says what was searched, `compared` by what."""

    scope: str
    compared: tuple[str, ...]
    hits: tuple[Hit, ...]


def compared(query: Query) -> tuple[str, ...]:
    model = (f"meaning ({query.embedding.model.name})",) if query.embedding else ()
    numbers = ("numbers",) if query.context.features.known() else ()
    return (*model, "words", *numbers)


def reasons(asked: Context, found: Episode, near: Near, words: tuple[str, ...]) -> tuple[str, ...]:
    """In what an episode is like the situation that was asked for; `words` are those that both have."""
    cosine = round(near.cosine or 0, 2)
    meaning = [f"{cosine:.0%} alike in meaning"] if cosine > 0 else []
    said = [f"both say {', '.join(words)}"] if words else []
    return (*meaning, *said, *_alike(asked.features, found.context.features))


def _alike(asked: Features, found: Features) -> list[str]:
    theirs = found.known()
    return [
        f"{_TOLD[name]} {theirs[name]:.4g}, asked for {value:.4g}"
        for name, value in asked.known().items()
        if name in theirs and abs(theirs[name] - value) <= _CLOSE * max(abs(theirs[name]), abs(value))
    ]
