"""Whatever a file holds, an import takes it or says what is wrong with it."""

from collections.abc import Iterable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrum.errors import Invalid, ScrumError
from scrum_server.imports import backlog, history
from scrum_server.imports.backlog import backlog_of, read_backlog
from scrum_server.imports.columns import scored
from scrum_server.imports.csv_file import CsvFile, sheet_of
from scrum_server.imports.history import history_of

HEADER = "external_key,title,description,type,points,priority,labels,skills,assignee,due,depends_on\n"
SPRINTS = "team,seq,sprint_name,completed_points,completed_items,committed_points,days,members\n"


def only_explained(texts: Iterable[str]) -> None:
    for text in texts:
        with suppress(ScrumError):
            backlog_of(sheet_of(text, scored(backlog.COLUMNS, {})), {}, list)


@given(st.text())
def test_no_text_is_an_internal_error(text: str) -> None:
    only_explained([text, HEADER + text, "key;title;labels;due\nA-1;" + text])


@given(st.lists(st.lists(st.text(max_size=12), min_size=11, max_size=11), max_size=4))
def test_no_value_is_an_internal_error(rows: list[list[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]

    only_explained([HEADER + "\n".join(quoted)])


@given(data=st.binary(), encoding=st.sampled_from(["utf-8", "utf-16", "cp1252", "utf-7", "idna", "punycode"]))
def test_no_bytes_are_an_internal_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, encoding: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data)

    with pytest.raises(Invalid):
        read_backlog(CsvFile(path, (), encoding), list)


@given(st.text(), st.text())
def test_no_history_is_an_internal_error(text: str, team: str) -> None:
    for whole in (text, SPRINTS + text, f"seq,completed_points\n1,2\n{text}"):
        with suppress(ScrumError):
            history_of(sheet_of(whole, scored(history.COLUMNS, {})), team, {}, list)
