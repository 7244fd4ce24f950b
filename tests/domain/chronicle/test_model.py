"""What a happening is, and which sprint it concerns."""

from uuid import UUID

from scrum.backlog.events import ItemAdded, ItemChanged
from scrum.catalog import EVENTS
from scrum.chronicle.model import Happening, Order, Span, sprint_of
from scrum.deliveries import Delivery
from scrum.events import Event
from scrum.sprint import events as sprint
from tests.builders import MONDAY, SHOP
from tests.domain.chronicle.examples import ITEM, SENTENCES, SPRINT, event

ID = UUID(int=7)


def test_a_happening_is_what_was_delivered() -> None:
    started = event(sprint.SprintStarted, SPRINT, items=[ITEM], points=5)

    made = Happening.of(Delivery(ID, "core", started, ID, None))

    assert made == Happening(ID, SPRINT, started)
    assert made.moment == (MONDAY, ID)
    assert made.what == "started SHOP-S1 with 1 item, 5 points"


def test_what_happens_to_a_sprint_concerns_it() -> None:
    own = [kind for kind in vars(sprint).values() if isinstance(kind, type) and kind in EVENTS.values()]
    concerned = [told for told, _ in SENTENCES if type(told) in own]

    assert {type(told) for told in concerned} == set(own)
    for told in concerned:
        assert sprint_of(told) == ("" if isinstance(told, sprint.HistoryImported) else SPRINT)


def test_what_happens_to_an_item_concerns_the_sprint_that_it_is_in() -> None:
    moved: Event = event(ItemChanged, ITEM, sprint=SPRINT, fields={})
    added: Event = event(ItemAdded, ITEM, title="A", points=1, priority="low")

    assert sprint_of(moved) == SPRINT
    assert sprint_of(added) == ""


def test_every_event_that_names_a_sprint_concerns_it() -> None:
    naming = [told for told, _ in SENTENCES if getattr(told, "sprint", "")]

    assert naming
    assert {sprint_of(told) for told in naming} == {SPRINT}


def test_a_sprint_is_told_from_its_beginning_and_a_project_from_its_end() -> None:
    assert Span(SHOP, sprint=SPRINT).order is Order.OLDEST_FIRST
    assert Span(SHOP).order is Order.NEWEST_FIRST
