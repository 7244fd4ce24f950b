"""JSON schemas as plain as models like them: no `$ref`, no `anyOf`, no titles."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from scrum_tools.json import is_array, is_object

Change = Callable[[dict[str, Any]], dict[str, Any]]

_NOISE = ("title", "default")
_NAMING = ("properties", "$defs")
"""Words of JSON Schema below which names are ours."""
_NULL = {"type": "null"}
_PART = "#/$defs/"


def plain(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema inlined; optional means left out, so `null` is not told.

    Raises:
        ValueError: a part cannot be said in plain types.
    """
    definitions = schema.get("$defs", {})
    return {
        **_inlined({k: v for k, v in schema.items() if k != "$defs"}, definitions),
        "additionalProperties": False,
    }


def brief(schema: dict[str, Any]) -> dict[str, Any]:
    """Of an answer: the same in few words, since clients read all schemas at once.

    What is used once stands where it is used. Lists inside a part of an answer hold objects: another tool tells of them.
    """
    parts = {name: _everywhere(part, _terse) for name, part in schema.get("$defs", {}).items()}
    parts = {name: _undescribed(_everywhere(part, _shallow(parts))) for name, part in parts.items()}
    whole = {name: value for name, value in schema.items() if name != "$defs"}
    placed = _placed(_undescribed(_everywhere(whole, _terse)), parts)
    return {**_everywhere(placed, _nullable)}


def _everywhere(node: Any, change: Change) -> Any:
    """The schema with each one inside it changed, the innermost first."""
    if is_array(node):
        return [_everywhere(one, change) for one in node]
    if not is_object(node):
        return node
    inside = {
        name: {key: _everywhere(one, change) for key, one in value.items()}
        if name in _NAMING
        else _everywhere(value, change)
        for name, value in node.items()
    }
    return change(inside)


def _terse(node: dict[str, Any]) -> dict[str, Any]:
    """Without what repeats names, what values say themselves, and lists of what is always there."""
    unsaid = (*_NOISE, "required", *(["type"] if "enum" in node else []))
    return {name: value for name, value in node.items() if name not in unsaid}


def _nullable(node: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in node.get("anyOf", []) if kind != _NULL]
    if len(kinds) != 1 or "type" not in kinds[0]:
        return node
    beside = {name: value for name, value in node.items() if name != "anyOf"}
    return {**beside, **kinds[0], "type": [kinds[0]["type"], "null"]}


def _shallow(parts: dict[str, Any]) -> Change:
    def change(node: dict[str, Any]) -> dict[str, Any]:
        entry = parts.get(_named(node.get("items", {})), {})
        return {**node, "items": {"type": "object"}} if "properties" in entry else node

    return change


def _undescribed(schema: dict[str, Any]) -> dict[str, Any]:
    """Without what is written for whoever reads the code; fields keep their descriptions."""
    return {name: value for name, value in schema.items() if name != "description"}


def _placed(whole: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """Each part where it is used; what is used more than once stays apart."""
    uses = _uses(whole, parts)

    def place(node: dict[str, Any]) -> dict[str, Any]:
        name = _named(node)
        return {**_everywhere(parts[name], place), **_beside(node)} if uses[name] == 1 else node

    shared = {name: _everywhere(parts[name], place) for name, count in uses.items() if count > 1}
    return {**_everywhere(whole, place), **({"$defs": shared} if shared else {})}


def _uses(whole: dict[str, Any], parts: dict[str, Any]) -> Counter[str]:
    """How often each part is used that is used at all."""
    uses: Counter[str] = Counter()
    waiting = [whole]

    def use(node: dict[str, Any]) -> dict[str, Any]:
        if name := _named(node):
            waiting.extend([] if name in uses else [parts[name]])
            uses[name] += 1
        return node

    while waiting:
        _everywhere(waiting.pop(), use)
    return uses


def _named(node: dict[str, Any]) -> str:
    """The part that stands here; '' for none."""
    return str(node.get("$ref", "")).removeprefix(_PART)


def _beside(node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if name != "$ref"}


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    if is_array(node):
        return [_inlined(one, definitions) for one in node]
    if not is_object(node):
        return node
    schema = _resolved(node, definitions)
    return {name: _child(name, value, definitions) for name, value in schema.items() if name not in _NOISE}


def _child(name: str, value: Any, definitions: dict[str, Any]) -> Any:
    if name == "properties":
        return {key: _inlined(one, definitions) for key, one in value.items()}
    return _inlined(value, definitions)


def _resolved(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Follow `$ref` and drop the null of an optional, keeping what stands beside them."""
    beside = {name: value for name, value in node.items() if name not in ("$ref", "anyOf")}
    if "$ref" in node:
        target = definitions[_named(node)]
        named = {name: value for name, value in target.items() if name != "description"}
        return {**_resolved(named, definitions), **beside}
    if "anyOf" in node:
        kinds = [kind for kind in node["anyOf"] if kind.get("type") != "null"]
        if len(kinds) != 1:
            raise ValueError(f"not plain: {node}")
        return {**_resolved(kinds[0], definitions), **beside}
    return node
