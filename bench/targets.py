"""What a benchmark aims at: each target is told with `met` or `MISSED`, and one that is missed is status 1."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True)
class Target:
    what: str
    seen: float
    wanted: str
    met: bool

    def __str__(self) -> str:
        return f"{'met' if self.met else 'MISSED':6}  {self.what}: {self.seen:.4g}, wanted {self.wanted}"


def at_most(what: str, seen: float, limit: float) -> Target:
    return Target(what, seen, f"at most {limit:.4g}", met=seen <= limit)


def at_least(what: str, seen: float, limit: float) -> Target:
    return Target(what, seen, f"at least {limit:.4g}", met=seen >= limit)


def conclude(targets: Sequence[Target]) -> NoReturn:
    """Tell every target, and end the program."""
    missed = sum(not target.met for target in targets)
    print("", *targets, f"{missed} of {len(targets)} targets missed", sep="\n")
    sys.exit(1 if missed else 0)
