"""Every promise has a proof, and every proof a promise."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.requirements import PROMISES

TESTS = Path(__file__).parent


def proven() -> Iterator[str]:
    """The ids in every `@requirement(...)`."""
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "requirement"
            ):
                yield from (str(one.value) for one in node.args if isinstance(one, ast.Constant))


def test_every_promise_has_a_proof() -> None:
    assert set(PROMISES) - set(proven()) == set()


def test_every_proof_has_a_promise() -> None:
    assert set(proven()) - set(PROMISES) == set()
