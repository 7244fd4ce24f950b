"""What can be wrong with a value that is given. Every message begins with its path."""

from collections.abc import Iterable
from math import isfinite

from scrum.ceremonies.terms import GATES, Strategy
from scrum.errors import Invalid
from scrum.text import choices, nearest, quoted


class BadSetting(Invalid):
    def __init__(self, path: str, given: object, wanted: str, hint: str = "") -> None:
        super().__init__(f"{path}: {_shown(given)}; it must be {wanted}.{hint}")


class BadText(Invalid):
    def __init__(self, path: str, given: str, wanted: str, hint: str = "") -> None:
        super().__init__(f"{path}: {quoted(given)} is not {wanted}.{hint}")


class Misplaced(Invalid):
    def __init__(self, path: str, inside: str) -> None:
        super().__init__(
            f"{path}: there is no such key here; put it into {inside}, like {{{inside!r}: {{{path!r}: ...}}}}."
        )


class UnknownSetting(Invalid):
    def __init__(self, path: str, known: Iterable[str]) -> None:
        names = list(known)
        name = path.rpartition(".")[2]
        super().__init__(
            f"{path}: there is no such key.{nearest(name, names)} Keys here: {choices(names, most=40)}."
        )


class UnknownChoice(Invalid):
    def __init__(self, path: str, given: str, known: Iterable[str], beside: str = "") -> None:
        names = [str(name) for name in known]
        also = f", or {beside}" if beside else ""
        super().__init__(
            f"{path}: {quoted(given)} is not one.{nearest(given, names)} Give one of {choices(names)}{also}."
        )


class BadRecurrence(Invalid):
    def __init__(self, path: str, given: str, what: str) -> None:
        super().__init__(
            f"{path}: {quoted(given)} cannot be followed: {what}. Give a rule like FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH "
            "or FREQ=MONTHLY;BYDAY=1MO, or one of daily, weekly, bi_weekly, per_sprint_day and monthly."
        )


class NearlyKnown(Invalid):
    def __init__(self, given: str, known: str) -> None:
        super().__init__(
            f"ceremonies.{given}: did you mean {known!r}? A ceremony of your own needs a name less like it."
        )


class BadName(Invalid):
    def __init__(self, path: str, given: object) -> None:
        super().__init__(
            f"{path}: {_shown(given)}. A ceremony's name is 2 to 40 small letters, digits and _, beginning with a "
            "letter, like design_review."
        )


class GivenTwice(Invalid):
    def __init__(self, path: str) -> None:
        super().__init__(f"{path}: it is given twice, with different values. Give it once.")


class NotUsed(Invalid):
    def __init__(self, path: str, now: str, takers: Iterable[Strategy], also: str = "") -> None:
        strategies = [one for one in Strategy if one in set(takers)]
        owners = ", ".join(part for part in (choices(strategies) if strategies else "", also) if part)
        super().__init__(
            f"{path}: nothing would use it with {now}. Leave it out, or put it where it belongs: {owners}."
        )


class NoBudget(Invalid):
    def __init__(self, path: str) -> None:
        super().__init__(
            f"sprint.budget: {path} is budget_driven, and there is none. Give the total in the unit of budget_spent, "
            "like {'sprint': {'budget': 500}}."
        )


class NeverDue(Invalid):
    def __init__(self, path: str, ceremony: str) -> None:
        super().__init__(
            f"{path}: {ceremony} is not held by this milestone. Leave it out, or give "
            f"{{'ceremonies': {{{ceremony!r}: {{'strategy': 'milestone_driven'}}}}}} and the milestone to the sprint."
        )


class UnknownItems(Invalid):
    def __init__(self, path: str, project: str, items: Iterable[str]) -> None:
        super().__init__(
            f"{path}: {project} has no item {choices(items)}. Call list_items to see them, or add_items first."
        )


class NoGate(Invalid):
    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path}: a sprint can wait for {' and '.join(GATES)} only. Leave it out, or put it there."
        )


class NoStrategyTakes(Invalid):
    def __init__(self, path: str, keys: Iterable[str]) -> None:
        super().__init__(
            f"{path}: no strategy takes {choices(keys)} together. Give the strategy, and only keys that belong to it."
        )


def _shown(given: object) -> str:
    match given:
        case bool():
            return f"{str(given).lower()} is true or false"
        case str():
            return f"{quoted(given)} is a text"
        case float() if not isfinite(given):
            return f"{given} is not a number"
        case int() | float():
            return f"it is {given}"
        case [] | ():
            return "it is an empty list"
        case _:
            return f"it is {_KINDS.get(type(given).__name__, 'a value of another kind')}"


_KINDS = {"list": "a list", "tuple": "a list", "dict": "a mapping", "NoneType": "null"}
