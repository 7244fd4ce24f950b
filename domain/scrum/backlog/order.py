"""The order of the backlog.

Moving an item permutes the ranks between its old and its new place: they stay distinct, need no gaps and
never run out.
"""

from collections.abc import Mapping, Sequence

from scrum.errors import Invalid


class BadPosition(Invalid):
    def __init__(self, key: str, position: int, count: int) -> None:
        super().__init__(
            f"rank of {key} is {position}; it must be from 1 (first) to {count}, its place in the open backlog."
        )


def moved(order: Sequence[tuple[str, int]], moves: Mapping[str, int]) -> dict[str, int]:
    """New ranks of the items that move or give way.

    Args:
        order: keys and ranks of the open backlog, lowest rank first.
        moves: key to its new position, counted from 1; applied in the order given.

    Raises:
        BadPosition: a position is outside the backlog.
    """
    keys = [key for key, _ in order]
    for key, position in moves.items():
        if not 1 <= position <= len(keys):
            raise BadPosition(key, position, len(keys))
        keys.remove(key)
        keys.insert(position - 1, key)
    ranks = [rank for _, rank in order]
    before = dict(order)
    return {key: rank for key, rank in zip(keys, ranks, strict=True) if before[key] != rank}
