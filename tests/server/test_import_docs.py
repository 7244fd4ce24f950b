"""docs/importing.md says what the imports take."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from scrum_server.imports import backlog, history
from scrum_server.imports.columns import Column
from scrum_server.imports.values import PRIORITIES, TYPES

PAGE = Path(__file__).parents[2] / "docs/importing.md"


@pytest.mark.parametrize("columns", [backlog.COLUMNS, history.COLUMNS])
def test_every_column_is_documented_with_its_other_names(columns: Sequence[Column]) -> None:
    page = PAGE.read_text(encoding="utf-8")

    for column in columns:
        needed = " (needed)" if column.needed else ""
        assert f"| `{column.name}`{needed} | {', '.join(column.aliases)}" in page


def test_every_other_name_of_a_type_or_priority_is_documented() -> None:
    page = PAGE.read_text(encoding="utf-8").lower()
    spelled = {name for others in (*TYPES.values(), *PRIORITIES.values()) for name in others}

    assert not [name for name in spelled if name not in page and not re.fullmatch("p[1-4]", name)]
