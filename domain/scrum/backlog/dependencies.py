"""Dependencies between items: a graph that must have no cycle."""

from collections.abc import Collection, Iterator, Mapping

from scrum.errors import Invalid


class DependencyCycle(Invalid):
    def __init__(self, cycle: tuple[str, ...]) -> None:
        super().__init__(
            f"The dependencies form a cycle: {' -> '.join(cycle)}. "
            "No item of a cycle can ever start: remove one of these dependencies."
        )
        self.cycle = cycle


def check_acyclic(edges: Mapping[str, Collection[str]]) -> None:
    """Raise DependencyCycle when items depend on themselves, directly or through others."""
    if cycle := find_cycle(edges):
        raise DependencyCycle(cycle)


def find_cycle(edges: Mapping[str, Collection[str]]) -> tuple[str, ...] | None:
    """Answer one cycle, its first key repeated at the end, or None.

    `edges` maps a key to the keys it needs; a needed key that is not in it has no needs. The answer is the same
    for the same edges in any order: it starts at the smallest key of its cycle.
    """
    finished: set[str] = set()
    for start in sorted(edges):
        if start not in finished and (cycle := _cycle_from(start, edges, finished)):
            return cycle
    return None


def _cycle_from(
    start: str, edges: Mapping[str, Collection[str]], finished: set[str]
) -> tuple[str, ...] | None:
    path: dict[str, Iterator[str]] = {start: _needs(start, edges)}
    while path:
        key, rest = next(reversed(path.items()))
        needed = next(rest, None)
        if needed is None:
            del path[key]
            finished.add(key)
        elif needed in path:
            return _from_smallest(list(path), needed)
        elif needed not in finished:
            path[needed] = _needs(needed, edges)
    return None


def _needs(key: str, edges: Mapping[str, Collection[str]]) -> Iterator[str]:
    return iter(sorted(edges.get(key, ())))


def _from_smallest(path: list[str], closing: str) -> tuple[str, ...]:
    cycle = path[path.index(closing) :]
    first = cycle.index(min(cycle))
    return (*cycle[first:], *cycle[:first], cycle[first])
