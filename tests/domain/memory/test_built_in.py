"""The built-in embedder, and what an embedding is."""

import asyncio
import random
import struct
import sys
from asyncio.subprocess import PIPE
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrum.memory.built_in import BuiltIn, embedded
from scrum.memory.embedding import BUILT_IN, BadModel, Embedding, Model, NotAVector, WrongDimensions
from scrum.memory.model import Context, Features

PLAIN = Context(
    "Pay by card", "Cards that are stored are charged at once.", ("checkout",), Features(3, 20, 0.8)
)
CONTEXTS = st.builds(
    Context,
    st.text(max_size=20),
    st.text(max_size=20),
    st.lists(st.text(max_size=5), max_size=2).map(tuple),
    st.builds(Features, st.none() | st.integers(0, 30), availability=st.none() | st.floats(0, 1)),
)


def kept(context: Context) -> bytes:
    """As half-precision numbers, like in the store."""
    vector = embedded(context).vector
    return struct.pack(f"{len(vector)}e", *vector)


def likeness(one: Context, other: Context) -> float:
    return sum(a * b for a, b in zip(embedded(one).vector, embedded(other).vector, strict=True))


async def test_another_process_embeds_the_same_situation_to_the_same_vector() -> None:
    program = (
        "from scrum.memory.built_in import embedded; from scrum.memory.model import Context, Features; "
        f"print(embedded({PLAIN!r}).vector)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=PIPE)
    async with asyncio.timeout(60):
        said, _ = await process.communicate()

    assert said.decode().strip() == str(embedded(PLAIN).vector)


async def test_each_context_has_an_embedding_of_length_1_in_its_place() -> None:
    contexts = [PLAIN, Context(), replace(PLAIN, goal="")]

    made = await BuiltIn().embed(contexts)

    assert made == [embedded(context) for context in contexts]
    assert all(sum(value * value for value in one.vector) == pytest.approx(1) for one in made)
    assert {one.model for one in made} == {BUILT_IN}


@given(CONTEXTS, CONTEXTS)
def test_two_different_contexts_never_have_the_same_vector(one: Context, other: Context) -> None:
    assert (kept(one) == kept(other)) == (one == other)


@pytest.mark.parametrize(
    "other",
    [
        replace(PLAIN, goal="pay by card"),
        replace(PLAIN, text=f"{PLAIN.text} "),
        replace(PLAIN, focus=()),
        replace(PLAIN, features=replace(PLAIN.features, availability=0.800001)),
        replace(PLAIN, features=replace(PLAIN.features, scope=0)),
    ],
)
def test_the_smallest_difference_is_another_vector(other: Context) -> None:
    assert kept(other) != kept(PLAIN)


def test_the_same_subject_in_other_words_is_nearer_than_another_subject() -> None:
    near = Context("Paying with stored cards", "Charge the card of a customer")
    far = Context("Search in the catalogue", "Find products by their colour")

    assert likeness(PLAIN, near) > likeness(PLAIN, far) + 0.1


def test_names_in_code_are_near_to_their_words() -> None:
    asked = Context("DataNode heartbeat")

    assert (
        likeness(asked, Context("data node misses heartbeats"))
        > likeness(asked, Context("a lost lease")) + 0.2
    )


def test_a_misspelt_word_is_still_near() -> None:
    assert likeness(Context("authentication"), Context("authentification")) > 0.2


def test_of_two_situations_that_differ_in_numbers_the_nearer_is_more_like() -> None:
    chance = random.Random(5)
    right = 0
    for _ in range(200):
        near, far = sorted([chance.uniform(0.5, 1), chance.uniform(0.5, 1)], key=lambda one: abs(one - 0.7))
        asked, one, other = (replace(PLAIN, features=Features(5, 20, share)) for share in (0.7, near, far))
        right += likeness(asked, one) > likeness(asked, other)

    assert right >= 190


@pytest.mark.parametrize("name", ["", "a'b", "-x", "x-:y", "x" * 101, "two words", "x\n"])
def test_a_name_that_no_statement_could_hold_is_refused(name: str) -> None:
    with pytest.raises(BadModel, match="cannot be an embedding model"):
        Model(name, 3)


def test_a_vector_of_another_length_is_refused() -> None:
    with pytest.raises(WrongDimensions, match="have 3 dimensions, and this one has 2"):
        Embedding.of(Model("m", 3), [1.0, 2.0])


@pytest.mark.parametrize("values", [[0.0, 0.0], [float("nan"), 1.0], [float("inf"), 1.0]])
def test_what_has_no_direction_is_refused(values: list[float]) -> None:
    with pytest.raises(NotAVector, match="Nothing was kept"):
        Embedding.of(Model("m", 2), values)
