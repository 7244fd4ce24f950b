"""A policy as people write it, brought to its one form: keys of the sprint, and keys of each ceremony by its name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, cast

from scrum.ceremonies.errors import GivenTwice, Misplaced, NearlyKnown, UnknownSetting
from scrum.ceremonies.policy.readers import called, ceremony_name, listed, mapping, snake
from scrum.ceremonies.policy.settings import KEYS, Scope, keys_of
from scrum.ceremonies.terms import FIVE, Trigger
from scrum.errors import Invalid

Values = Mapping[str, Any]
_TOP = ("sprint", "ceremonies", "simulation")
_CALLED = {"mode": "strategy", "on_event": "on"}
_SLIP = 0.85
_OF_TRIGGER = (Trigger.EVERY_N_COMPLETIONS, Trigger.SPRINT_PERCENTAGE)


@dataclass(frozen=True)
class Document:
    """Values are plain JSON; None takes a value back to what is under it."""

    sprint: Values = field(default_factory=dict[str, Any])
    ceremonies: Mapping[str, Values] = field(default_factory=dict[str, Values])

    def of(self, name: str) -> Values:
        return self.ceremonies.get(name, {})

    def kept(self) -> dict[str, Any]:
        return {
            "sprint": dict(self.sprint),
            "ceremonies": {name: dict(one) for name, one in self.ceremonies.items()},
        }


_NOTHING: dict[str, Any] = dict.fromkeys(keys_of(Scope.CEREMONY))


def document(given: Any) -> Document:
    """Raises Invalid: an unknown key, or a value that cannot be; the message begins with its path."""
    top = mapping("policy", given)
    for key in top:
        if key not in _TOP:
            raise _outside(key)
    sprint = mapping("sprint", _given(top.get("sprint")))
    ceremonies: list[Any] = [_given(top.get("ceremonies")), _given(sprint.pop("ceremonies", None))]
    simulation = _simulation(_given(top.get("simulation")))
    return Document(
        _joined("sprint", _read("sprint", sprint, Scope.SPRINT), simulation),
        {name: _ceremony(name, one) for name, one in _by_name(ceremonies).items()},
    )


def _outside(key: str) -> Invalid:
    if called(key) in FIVE:
        return Misplaced(key, "ceremonies")
    if key in keys_of(Scope.SPRINT):
        return Misplaced(key, "sprint")
    return UnknownSetting(key, _TOP)


def _given(value: Any) -> Any:
    return {} if value is None else value


def _simulation(given: Any) -> dict[str, Any]:
    found = mapping("simulation", given)
    for key in found:
        if key != "time_scale":
            raise UnknownSetting(f"simulation.{key}", ["time_scale"])
    return _read("simulation", found, Scope.SPRINT)


def _joined(path: str, first: Values, second: Values) -> dict[str, Any]:
    for key in first.keys() & second.keys():
        if first[key] != second[key]:
            raise GivenTwice(f"{path}.{key}")
    return {**first, **second}


def _by_name(several: list[Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for given in several:
        for name, one in _pairs(given):
            if name in found:
                raise GivenTwice(f"ceremonies.{name}")
            found[name] = one
    return found


def _pairs(given: Any) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(given, Mapping):
        entries = [mapping("ceremonies", one) for one in listed("ceremonies", given, "a mapping by name")]
        return [
            (_named(f"ceremonies[{n}].name", one.pop("name", None)), one) for n, one in enumerate(entries)
        ]
    return [
        (_named(f"ceremonies.{name}", name), _NOTHING if one is None else mapping(f"ceremonies.{name}", one))
        for name, one in mapping("ceremonies", given).items()
    ]


def _named(path: str, given: Any) -> str:
    """Raises NearlyKnown: more likely a slip than a ceremony of the team's own."""
    name = ceremony_name(path, given)
    if name in FIVE:
        return name
    close = get_close_matches(name, FIVE, n=1, cutoff=_SLIP)
    if close:
        raise NearlyKnown(name, close[0])
    return name


def _ceremony(name: str, given: dict[str, Any]) -> dict[str, Any]:
    return _read(f"ceremonies.{name}", _opened(f"ceremonies.{name}", given), Scope.CEREMONY)


def _opened(path: str, given: dict[str, Any]) -> dict[str, Any]:
    """`trigger: {every_n_completions: 5}` is a trigger with its number."""
    trigger = given.get("trigger")
    if not isinstance(trigger, Mapping):
        return given
    inner = mapping(f"{path}.trigger", trigger)
    for key in inner:
        if key not in _OF_TRIGGER:
            raise UnknownSetting(f"{path}.trigger.{key}", _OF_TRIGGER)
    if len(inner) != 1:
        raise GivenTwice(f"{path}.trigger")
    rest = {key: value for key, value in given.items() if key != "trigger"}
    return {**_joined(path, rest, inner), "trigger": next(iter(inner))}


def _read(path: str, given: dict[str, Any], scope: Scope) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for spelled, value in given.items():
        # YAML 1.1 reads the bare key `on` as true
        word = "on" if spelled == "True" else snake(spelled)
        name = _CALLED.get(word, word)
        if name not in keys_of(scope):
            raise UnknownSetting(f"{path}.{spelled}", keys_of(scope))
        if name in found:
            raise GivenTwice(f"{path}.{name}")
        found[name] = None if value is None else KEYS[name].read(f"{path}.{spelled}", value)
    return found


def merged(under: Values, over: Values) -> dict[str, Any]:
    """Key by key, and so are mappings; None in `over` takes a value away."""
    found = dict(under)
    for key, value in over.items():
        if value is None:
            found.pop(key, None)
        elif isinstance(value, Mapping):
            found[key] = merged(found.get(key) or {}, cast("Values", value))
        else:
            found[key] = value
    return found
