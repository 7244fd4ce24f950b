import random
from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from scrum.selection.assignment import Unplaced, assign
from scrum.selection.selection import Candidate, Person
from tests.requirements import requirement

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


def test_when_the_freest_leaves_something_over_the_items_are_given_out_another_way() -> None:
    items = [item("A", 5), item("B", 4), item("C", 4), item("D", 3), item("E", 2)]

    assert assign(items, [person("ana", 9), person("bo", 9)], {}).unassigned == ()


def test_a_wish_is_kept_when_items_are_given_out_another_way() -> None:
    items = [item("A", 5), item("B", 4), item("C", 4), item("D", 3), item("E", 2)]

    done = assign(items, [person("ana", 9), person("bo", 9)], {"A": "bo", "E": "bo"})

    assert (done.people["A"], done.people["E"]) == ("bo", "bo")
    assert len(done.unassigned) == 1


def test_of_as_many_items_those_with_more_points_are_given_out() -> None:
    small, large = replace(item("A", 5), points=1), replace(item("B", 4), points=8)

    assert given_to([small, large], person("ana", 5)) == {"B": "ana"}


WORKS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5), SKILLS), max_size=6)
TEAMS = st.lists(st.tuples(st.integers(0, 16), SKILLS), max_size=3)


@requirement("plan.assigned")
@settings(max_examples=150)
@given(WORKS, TEAMS)
def test_no_other_way_gives_out_more_items_or_more_points(
    works: list[tuple[int, int, frozenset[str]]], team: list[tuple[int, frozenset[str]]]
) -> None:
    items = [
        replace(item(f"S-{n}", hours, *skills), points=points)
        for n, (hours, points, skills) in enumerate(works)
    ]
    people = [person(f"p{n}", hours, *skills) for n, (hours, skills) in enumerate(team)]

    done = assign(items, people, {}).people

    assert (len(done), sum(one.points or 0 for one in items if one.key in done)) == most(items, people)


def most(items: list[Candidate], people: list[Person]) -> tuple[int, int]:
    """Items and points of the best of all ways."""
    if not items:
        return 0, 0
    first, *rest = items
    best = most(rest, people)
    for n, someone in enumerate(people):
        if someone.skills >= first.skills and someone.hours >= first.hours:
            busier = [*people[:n], replace(someone, hours=someone.hours - first.hours), *people[n + 1 :]]
            count, points = most(rest, busier)
            best = max(best, (count + 1, points + (first.points or 0)))
    return best


def test_a_plan_without_an_hour_to_spare_is_given_out_whole_and_the_same_way_each_time() -> None:
    chance = random.Random(1)
    items = [item(f"S-{n}", chance.choice([9, 14, 22, 35])) for n in range(40)]
    people = [person(f"p{n}", sum(one.hours for one in items[n::5])) for n in range(5)]

    done = assign(items, people, {})

    assert not done.unassigned
    assert done == assign(items, people, {})
