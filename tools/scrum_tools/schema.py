"""JSON schemas as plain as models like them: no `$ref`, no `anyOf`, no titles."""

from typing import Any

from scrum_tools.json import is_array, is_object

_NOISE = ("title", "default")
_NAMING = ("properties", "$defs")
"""Words of JSON Schema below which names are ours."""


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


def untitled(schema: Any) -> Any:
    """Of an answer: without titles and lists of what is always there, which repeat names and are half of it."""
    if is_array(schema):
        return [untitled(one) for one in schema]
    if not is_object(schema):
        return schema
    return {
        name: {key: untitled(one) for key, one in value.items()} if name in _NAMING else untitled(value)
        for name, value in schema.items()
        if name not in ("title", "required")
    }


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
        target = definitions[node["$ref"].removeprefix("#/$defs/")]
        named = {name: value for name, value in target.items() if name != "description"}
        return {**_resolved(named, definitions), **beside}
    if "anyOf" in node:
        kinds = [kind for kind in node["anyOf"] if kind.get("type") != "null"]
        if len(kinds) != 1:
            raise ValueError(f"not plain: {node}")
        return {**_resolved(kinds[0], definitions), **beside}
    return node
