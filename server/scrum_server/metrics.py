"""What Prometheus reads: how events and ceremonies stand, asked when it is scraped, and what this process counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from scrum_server.meters import Meters
from scrum_tools.events import EventsStanding

Sample = tuple[list[str], float | None]
"""The values of its labels; None: unknown, so it is left out."""


@dataclass(frozen=True)
class CeremoniesStanding:
    """None: unknown, where the store is away. `oldest_due_seconds` is 0 where nothing is due."""

    due: int | None = None
    oldest_due_seconds: float | None = None
    failed: int | None = None


def exposition(events: EventsStanding, ceremonies: CeremoniesStanding, meters: Meters) -> bytes:
    """What Prometheus reads."""
    now = CollectorRegistry()
    now.register(_Standing(events, ceremonies))
    return generate_latest(now) + generate_latest(meters.registry)


@dataclass(frozen=True)
class _Standing(Collector):
    events: EventsStanding
    ceremonies: CeremoniesStanding

    def collect(self) -> Iterator[Metric]:
        yield from self._stores()
        yield from self._groups()
        yield from self._ceremonies()

    def _stores(self) -> Iterator[Metric]:
        stores = self.events.stores
        yield _gauge("redis_up", "Whether Redis answers", [([], float(not self.events.redis_away))])
        yield _gauge(
            "store_up",
            "Whether a store answers",
            [([one.store], float(not one.away)) for one in stores],
            "store",
        )
        yield _gauge(
            "unsent_events",
            "Events that no relay has sent",
            [([one.store], one.unsent) for one in stores],
            "store",
        )
        yield _gauge(
            "oldest_unsent_event_age_seconds",
            "Since the oldest unsent event was stored",
            [([one.store], one.oldest_unsent_seconds) for one in stores],
            "store",
        )
        yield _gauge(
            "unsettled_events",
            "Events that not every group has acknowledged",
            [([one.store], one.unsettled) for one in stores],
            "store",
        )

    def _groups(self) -> Iterator[Metric]:
        groups = self.events.groups
        yield _gauge(
            "lag_events",
            "Events that are published, and not acknowledged by a group",
            [([one.group], one.lag) for one in groups],
            "group",
        )
        yield _gauge(
            "set_aside_events",
            "Events that a group could not handle yet",
            [
                ([one.group, state], count)
                for one in groups
                for state, count in (("retrying", one.retrying), ("parked", one.parked), ("dead", one.dead))
            ],
            "group",
            "state",
        )

    def _ceremonies(self) -> Iterator[Metric]:
        told = self.ceremonies
        yield _gauge("due_ceremonies", "Ceremonies that wait to be delivered", [([], told.due)])
        yield _gauge(
            "oldest_due_ceremony_age_seconds",
            "Since the ceremony was due that waits the longest to be delivered",
            [([], told.oldest_due_seconds)],
        )
        yield _gauge(
            "failed_ceremonies",
            "Ceremonies whose delivery was given up, until they are triggered again or skipped",
            [([], told.failed)],
        )


def _gauge(name: str, about: str, samples: Iterable[Sample], *labels: str) -> Metric:
    family = GaugeMetricFamily(f"scrum_mcp_{name}", about, labels=labels)
    for values, value in samples:
        if value is not None:
            family.add_metric(values, value)
    return family
