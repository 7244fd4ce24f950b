"""What happens to decisions and to the memory of them."""

from dataclasses import dataclass

from scrum.events import Event


@dataclass(frozen=True, kw_only=True)
class DecisionTaken(Event):
    """A plan was committed, and this is what memory keeps of it."""

    sprint: str
    """The sprint that it decides."""
    goal: str
    """Empty for none."""
    text: str
    """What the work is about: the titles of the items, a line each."""
    focus: list[str]
    """The labels of the items, the most frequent first."""
    features: dict[str, float]
    """The situation in numbers, those that are known."""
    figures: dict[str, float]
    """What was known of the plan in numbers, by the names that the conditions of strategies use, and some more."""
    commitment: int
    """The points that were aimed at."""
    base: int
    """The same without strategies."""
    points: int
    """The points of the items."""
    items: list[str]
    """Their keys, in the order of the plan."""
    prediction: dict[str, float] | None
    """Completed points, their 80 % interval, and the probability of meeting the commitment."""
    strategies: list[dict[str, object]]
    """What was done with each strategy, in its order: applied, left out by the coin, or only watched."""


@dataclass(frozen=True, kw_only=True)
class EpisodeWritten(Event):
    """An episode is remembered; its vectors come later."""

    sprint: str
    """The sprint that it is of; empty for a decision that was taken elsewhere."""


@dataclass(frozen=True, kw_only=True)
class EpisodeEnded(Event):
    """It is known what came of an episode, and what was learned from it."""

    sprint: str
    """The sprint that it is of; empty for a decision that was taken elsewhere."""
    result: str
    """success, failure, cancelled, or told: somebody said it in words that judge nothing."""
    lessons: list[str]
    """A sentence each."""
