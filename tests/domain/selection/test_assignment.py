import random
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from scrum.selection.assignment import Unplaced, assign
from scrum.selection.selection import Candidate, Person

SKILLS = st.frozensets(st.sampled_from(["api", "web"]))


def item(key: str, hours: float, *skills: str) -> Candidate:
    return Candidate(key, 1, 1, frozenset(), frozenset(skills), hours)


def person(name: str, hours: float, *skills: str) -> Person:
    return Person(name, hours, frozenset(skills))


def given_to(items: Iterable[Candidate], *people: Person, **wishes: str) -> dict[str, str]:
    return dict(assign(list(items), people, wishes).people)


def test_an_item_goes_to_the_one_who_has_all_its_skills() -> None:
    team = (person("ana", 40, "api"), person("bo", 10, "api", "web"))

    assert given_to([item("A", 8, "api", "web")], *team) == {"A": "bo"}


def test_an_item_goes_to_whoever_has_the_most_hours_left() -> None:
    items = [item("A", 8), item("B", 4), item("C", 3)]

    assert given_to(items, person("ana", 20), person("bo", 14)) == {"A": "ana", "B": "bo", "C": "ana"}


def test_among_equals_the_first_person_gets_the_first_item() -> None:
    assert given_to([item("A", 2), item("B", 2)], person("ana", 8), person("bo", 8)) == {
        "A": "ana",
        "B": "bo",
    }


def test_the_item_that_fewest_can_do_is_placed_first() -> None:
    items = [item("A", 8), item("B", 7, "web")]

    assert given_to(items, person("ana", 10, "web"), person("bo", 9)) == {"A": "bo", "B": "ana"}


def test_the_largest_item_is_placed_first() -> None:
    items = [item("A", 2), item("B", 8)]

    assert given_to(items, person("ana", 8), person("bo", 3)) == {"A": "bo", "B": "ana"}


def test_a_wished_assignee_is_kept() -> None:
    assert given_to([item("A", 2)], person("ana", 40), person("bo", 8), A="bo") == {"A": "bo"}


def test_a_wish_is_served_before_anything_else_takes_those_hours() -> None:
    items = [item("A", 8, "api"), item("B", 6)]

    assert given_to(items, person("ana", 8, "api"), person("bo", 2), B="ana") == {"B": "ana"}


def test_a_wished_assignee_without_the_skill_is_not_kept() -> None:
    team = (person("ana", 9, "api"), person("bo", 40))

    assert given_to([item("A", 2, "api")], *team, A="bo") == {"A": "ana"}


def test_a_wished_assignee_without_the_hours_is_not_kept() -> None:
    assert given_to([item("A", 5)], person("ana", 9), person("bo", 4), A="bo") == {"A": "ana"}


def test_a_wish_for_somebody_who_is_not_there_is_not_kept() -> None:
    assert given_to([item("A", 5)], person("ana", 9), A="zoe") == {"A": "ana"}


def test_an_item_whose_skill_nobody_has_stays_unassigned_and_says_so() -> None:
    (out,) = assign([item("A", 2, "ios")], [person("ana", 9, "api")], {}).unassigned

    assert (out.key, out.reason, out.words) == ("A", Unplaced.NO_SKILL, "nobody has ios")


def test_without_people_everything_stays_unassigned() -> None:
    (out,) = assign([item("A", 2)], [], {}).unassigned

    assert (out.reason, out.words) == (Unplaced.NO_SKILL, "there is nobody")


def test_an_item_that_nobody_has_the_hours_for_says_how_many_are_left() -> None:
    (out,) = assign([item("A", 9, "api")], [person("ana", 8, "api")], {}).unassigned

    assert out.reason is Unplaced.NO_HOURS
    assert out.words == "nobody with api has 9 hours left for it; the most is 8"


def test_an_item_without_a_skill_that_nobody_has_the_hours_for_says_so_too() -> None:
    (out,) = assign([item("A", 9)], [person("ana", 8)], {}).unassigned

    assert out.words == "nobody has 9 hours left for it; the most is 8"


def test_unassigned_keys_come_in_backlog_order() -> None:
    done = assign([item("B", 9), item("A", 99)], [person("ana", 8)], {})

    assert done.unassigned_keys == ("B", "A")


@given(
    st.lists(st.tuples(st.integers(0, 12), SKILLS), max_size=8),
    st.lists(st.tuples(st.integers(0, 20), SKILLS), max_size=4),
    st.randoms(),
)
def test_nobody_gets_more_hours_or_other_skills_than_they_have(
    works: list[tuple[int, frozenset[str]]], team: list[tuple[int, frozenset[str]]], chance: random.Random
) -> None:
    items = [item(f"S-{n}", hours, *skills) for n, (hours, skills) in enumerate(works)]
    people = [person(f"p{n}", hours, *skills) for n, (hours, skills) in enumerate(team)]
    wishes = {one.key: chance.choice(people).name for one in items if people and chance.random() < 0.5}

    done = assign(items, people, wishes)

    by_key, by_name = {one.key: one for one in items}, {one.name: one for one in people}
    assert all(by_name[name].skills >= by_key[key].skills for key, name in done.pairs)
    assert all(
        sum(by_key[key].hours for key, name in done.pairs if name == someone.name) <= someone.hours
        for someone in people
    )
    assert sorted([*done.people, *done.unassigned_keys]) == sorted(by_key)
