"""The numbers that a text says of a situation, where it says them in plain words: `team of 5, availability 0.8`."""

import re

from scrum.memory.model import Features

_NUMBER = r"(\d+(?:\.\d+)?)(?!\w)"
_OF = r"(?: size)?(?: of| is| was| at|:|=)? *"
_SAID: dict[str, tuple[str, ...]] = {
    "team_size": (rf"\bteam{_OF}{_NUMBER}(?! *%)", rf"{_NUMBER} (?:people|developers|engineers|members)\b"),
    "velocity": (rf"\bvelocity{_OF}{_NUMBER}",),
    "days_away": (rf"{_NUMBER} days? (?:away|off|absent)\b", rf"\bdays[ _]away{_OF}{_NUMBER}"),
    "carry_over": (rf"\bcarr(?:y|ied)[ _-]over{_OF}{_NUMBER}", rf"{_NUMBER} points? carried over\b"),
    "scope": (rf"\bscope{_OF}{_NUMBER}", rf"\bbacklog of {_NUMBER} points?\b"),
}
_SHARE = (rf"\bavailability{_OF}{_NUMBER} *(%?)", rf"{_NUMBER} *(%) (?:available|availability)\b")
_LONGEST = 9


def said(text: str) -> Features:
    """What is said first counts; what nobody would say of a sprint does not."""
    found = {name: _first(patterns, text) for name, patterns in _SAID.items()}
    return Features(**found, availability=_share(text))


def _first(patterns: tuple[str, ...], text: str) -> float | None:
    for pattern in patterns:
        match = re.search(pattern, text, re.IGNORECASE | re.ASCII)
        if match and len(match[1]) <= _LONGEST:
            return float(match[1])
    return None


def _share(text: str) -> float | None:
    for pattern in _SHARE:
        match = re.search(pattern, text, re.IGNORECASE | re.ASCII)
        if match and len(match[1]) <= _LONGEST:
            value = float(match[1]) / (100 if match[2] else 1)
            return value if value <= 1 else None
    return None
