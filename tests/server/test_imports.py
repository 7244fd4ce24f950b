"""What an import makes of a file: columns, values, and rows that it refuses."""

from datetime import date
from pathlib import Path

import pytest

from scrum.backlog.model import Draft, ItemType, Priority
from scrum_server.imports.backlog import COLUMNS, Backlog, backlog_of, read_backlog
from scrum_server.imports.columns import AmbiguousColumn, BadMapping, MissingColumns, mapped, scored
from scrum_server.imports.csv_file import (
    BadQuotes,
    CsvFile,
    EmptyFile,
    NotInEncoding,
    UnknownEncoding,
    Unreadable,
    sheet_of,
)
from scrum_server.imports.problems import BadRows


def read(text: str, *mapping: str) -> Backlog:
    chosen = mapped(mapping, COLUMNS)
    return backlog_of(sheet_of(text, scored(COLUMNS, chosen)), chosen, list)


def drafts(text: str, *mapping: str) -> list[Draft]:
    return [entry.draft for entry in read(text, *mapping).entries]


def one(column: str, value: str) -> Draft:
    return drafts(f'external_key,title,{column}\nA-1,One,"{value}"\n')[0]


def problems(text: str) -> list[str]:
    with pytest.raises(BadRows) as refused:
        read(text)
    return [str(problem) for problem in refused.value.problems]


def in_file(folder: Path, data: bytes, encoding: str = "utf-8") -> list[str]:
    path = folder / "items.csv"
    path.write_bytes(data)
    return [entry.draft.title for entry in read_backlog(CsvFile(path, (), encoding), list).entries]


def test_the_columns_of_a_tracker_are_known() -> None:
    read_items = read("issuekey,Summary,Story Points,split_mark\nA-1,One,3,train\n")

    assert read_items.entries[0].draft == Draft("One", points=3, external_key="A-1")
    assert read_items.layout.used == ["external_key (issuekey)", "title (Summary)", "points (Story Points)"]
    assert read_items.layout.ignored == ["split_mark"]


def test_our_own_names_come_before_those_of_trackers() -> None:
    read_items = read("summary,TITLE,key,External-Key\nno,yes,no,A-1\n")

    assert read_items.entries[0].draft == Draft("yes", external_key="A-1")
    assert read_items.layout.ignored == ["summary", "key"]


def test_a_mapping_names_other_columns() -> None:
    assert drafts("Nr,Was\nA-1,Eins\n", "external_key=nr", "title=WAS")[0].title == "Eins"


def test_an_empty_mapping_leaves_a_column_out() -> None:
    assert drafts("key,title,points\nA-1,One,many\n", "points=")[0].points is None


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("titel=x", "no column 'titel'; ours are external_key, title"),
        ("title", "there is no ="),
        ("title=Head", "no column 'Head'. Did you mean 'header'\\? Its columns: 'key', 'header'"),
    ],
)
def test_a_mapping_that_maps_nothing_is_refused(mapping: str, said: str) -> None:
    with pytest.raises(BadMapping, match=said):
        read("key,header\nA-1,One\n", mapping)


def test_a_missing_column_is_named_with_those_that_there_are() -> None:
    with pytest.raises(
        MissingColumns, match=r"no column for external_key.*'Nr', 'title'.*--map external_key="
    ):
        read("Nr,title\n1,One\n")


def test_two_columns_of_one_name_are_refused_where_one_is_needed() -> None:
    with pytest.raises(AmbiguousColumn, match="columns 2 and 3 are both called 'title'"):
        read("key,title,Title\nA-1,One,Two\n")


def test_two_columns_of_one_name_do_not_matter_where_they_are_ignored() -> None:
    assert read("key,title,comment,comment\nA-1,One,a,b\n").layout.ignored == ["comment"]


def test_several_columns_of_labels_are_taken_together() -> None:
    assert drafts("key,title,Labels,Labels\nA-1,One,web,\nA-2,Two,web,shop;cart\n")[1].labels == {
        "web",
        "shop",
        "cart",
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_by_the_names_of_the_columns(delimiter: str) -> None:
    text = f'key{delimiter}title{delimiter}"note; with, many\t"\nA-1{delimiter}"a,b;c\td"{delimiter}x\n'

    assert drafts(text)[0].title == "a,b;c d"


def test_a_record_is_named_by_the_line_where_it_begins() -> None:
    text = 'key,title,description,points\r\nA-1,One,"two\r\nlines",1\r\n\r\nA-2,Two,,many\r\n'

    assert problems(text)[0].startswith("line 5, points 'many': ")


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    assert in_file(tmp_path, "key,title\nA-1,Gänse\n".encode("utf-8-sig")) == ["Gänse"]


def test_another_encoding_is_refused_with_the_place_where_it_shows(tmp_path: Path) -> None:
    with pytest.raises(NotInEncoding, match=r"byte 16 \(0xE4, in line 2\)"):
        in_file(tmp_path, "key,title\nA-1,Gänse\n".encode("cp1252"))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_another_encoding_is_read_when_it_is_named(tmp_path: Path, encoding: str) -> None:
    assert in_file(tmp_path, "key,title\nA-1,Gänse\n".encode(encoding), encoding) == ["Gänse"]


@pytest.mark.parametrize("encoding", ["klingon", "base64", ""])
def test_what_is_no_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(UnknownEncoding):
        in_file(tmp_path, b"key,title\n", encoding)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="directory"):
        read_backlog(CsvFile(tmp_path), list)


@pytest.mark.parametrize("text", ["", "\n\r\n", " \n"])
def test_an_empty_file_is_refused(text: str) -> None:
    with pytest.raises(EmptyFile):
        read(text)


def test_a_header_alone_is_a_backlog_of_nothing() -> None:
    assert drafts("key,title\n") == []


def test_an_open_quote_does_not_swallow_the_rest_of_the_file() -> None:
    with pytest.raises(BadQuotes, match="begins in line 3"):
        read('key,title\nA-1,One\nA-2,"Two\nA-3,Three\n')


def test_rows_with_too_many_or_too_few_fields_are_named() -> None:
    assert problems("key,title\nA-1\nA-2,Two,3\n") == [
        "line 2, row 'A-1': it has 1 fields, and the header has 2",
        "line 3, row 'A-2': it has 3 fields, and the header has 2",
    ]


def test_a_description_may_be_very_long_and_have_lines() -> None:
    text = "x" * 20_000 + "\r\n" + "y" * 19_000

    assert one("description", text).description == text.replace("\r\n", "\n")


def test_control_characters_are_removed() -> None:
    draft = drafts('key,title,description\nA-1,"On\0e\x1b[31m","a\0b\u202ec"\n')[0]

    assert (draft.title, draft.description) == ("One[31m", "abc")


@pytest.mark.parametrize(("text", "points"), [("3", 3), (" 3.0 ", 3), ("0", 0), ("1000", 1000), ("", None)])
def test_points_are_whole_numbers_and_nothing_is_not_estimated(text: str, points: int | None) -> None:
    assert one("points", text).points == points


@pytest.mark.parametrize(
    "text", ["?", "-1", "2.5", "1e9", "nan", "inf", "1001", "3,0", "9" * 5000, "٣", "0x1"]
)
def test_other_points_are_refused(text: str) -> None:
    assert "whole number from 0 to 1000" in problems(f'key,title,points\nA-1,One,"{text}"\n')[0]


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("Blocker", Priority.HIGHEST),
        ("P1", Priority.HIGHEST),
        ("Critical", Priority.HIGH),
        ("high", Priority.HIGH),
        ("Trivial", Priority.LOWEST),
        ("", Priority.MEDIUM),
    ],
)
def test_priorities_have_other_names(text: str, priority: Priority) -> None:
    assert one("priority", text).priority is priority


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Bug", ItemType.BUG),
        ("New Feature", ItemType.STORY),
        ("Improvement", ItemType.STORY),
        ("Sub-Task", ItemType.TASK),
        ("", ItemType.STORY),
    ],
)
def test_types_have_other_names(text: str, kind: ItemType) -> None:
    assert one("type", text).type is kind


def test_an_unknown_choice_is_refused_with_the_valid_ones() -> None:
    advice = "Change it, or leave it empty"

    assert problems("key,title,type,priority\nA-1,One,Saga,asap\n") == [
        f"line 2, priority 'asap': it must be one of highest, high, medium, low, lowest. {advice}",
        f"line 2, type 'Saga': it must be one of story, bug, task, spike. {advice}",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-31",
        "2026-03-31T10:00:00Z",
        "2026/03/31 12:00",
        "31.03.2026",
        "31/Mar/26 12:00 AM",
        "31 Mar 2026",
    ],
)
def test_days_are_read_in_forms_that_have_one_meaning(text: str) -> None:
    assert one("due", text).due == date(2026, 3, 31)


@pytest.mark.parametrize("text", ["03/04/2026", "2026-02-30", "soon", "1"])
def test_other_days_are_refused(text: str) -> None:
    assert "a day like 2026-03-31" in problems(f"key,title,due\nA-1,One,{text}\n")[0]


def test_texts_that_are_too_long_or_missing_are_refused() -> None:
    long = "x" * 41_000

    found = problems(f"key,title,description\nA-1,{long},{long}\nA-2,,\n,Three,\n")

    assert [problem.partition(" '")[0] for problem in found] == [
        "line 2, description",
        "line 2, title",
        "line 3, title",
        "line 4, external_key",
    ]
    assert "41000 characters long; the limit is 300" in found[1]
    assert max(map(len, found)) < 200


def test_a_repeated_key_is_refused_with_the_line_of_the_first() -> None:
    assert problems("key,title\nA-1,One\nA-2,Two\nA-1,Three\n") == [
        "line 4, external_key 'A-1': line 2 has the same external_key"
    ]


def test_at_most_twenty_problems_are_shown_and_the_rest_is_counted() -> None:
    rows = "".join(f"A-{n},,\n" for n in range(100))

    with pytest.raises(BadRows) as refused:
        read(f"key,title,points\n{rows}")

    lines = str(refused.value).splitlines()
    assert lines[0] == "100 of 100 rows cannot be imported, so nothing was:"
    assert (len(lines), lines[-1]) == (22, "  ... and 80 more.")
