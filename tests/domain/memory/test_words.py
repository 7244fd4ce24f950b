"""Words, and the terms of BM25."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrum.memory.terms import MOST, TERMS, asked, document
from scrum.memory.words import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Payments failed, again and again!", ["payment", "fail", "again", "again"]),
        ("DataNode", ["datanode", "data", "node"]),
        ("max_retries=3", ["max", "retr", "3"]),
        ("HTTPServer2", ["httpserver2", "http", "server", "2"]),
        ("ÜBERGRÖSSE straße", ["übergrösse", "strasse"]),
        ("支付 失败", ["支付", "失败"]),
        ("the of and", []),
        ("", []),
    ],
)
def test_a_text_is_its_words_without_case_and_endings(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_any_text_has_terms_that_can_be_stored(text: str) -> None:
    weights = document(text)

    assert all(0 < term < TERMS and weight > 0 for term, weight in weights.items())
    assert set(asked(text)) == set(weights)


def test_a_word_weighs_more_the_more_often_it_is_said_and_less_in_a_longer_text() -> None:
    (once,) = document("card").values()
    (twice,) = document("card card").values()
    in_a_long_text = document(f"card {' '.join(f'word{n}' for n in range(300))}")[asked("card")[0]]

    assert in_a_long_text < once < twice


def test_a_text_of_endless_words_keeps_a_bounded_number() -> None:
    assert len(document(" ".join(f"w{n}" for n in range(3 * MOST)))) == MOST
