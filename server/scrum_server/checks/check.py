"""What one look at one part found."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """A note is worth knowing, and nothing is broken."""

    OK = "ok"
    NOTE = "note"
    BROKEN = "not ok"


@dataclass(frozen=True)
class Check:
    mark: Mark
    about: str
    detail: str

    def __str__(self) -> str:
        return f"{self.mark:<6}  {self.about}: {self.detail}"


def ok_when(good: bool) -> Mark:
    return Mark.OK if good else Mark.BROKEN


def shown_size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"  # noqa: PLR2004 - units
