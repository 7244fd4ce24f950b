"""Prometheus: how events stand, asked when it is scraped, and what this process handled and delivered."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from scrum.deliveries import Delivery, Subscription
from scrum_tools.events import EventsStanding

if TYPE_CHECKING:  # it brings SQLAlchemy along, which may load after the server listens
    from scrum_server.ceremonies.delivering import Delivered
    from scrum_server.events.groups import Group

W = TypeVar("W")

_SECONDS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0)
_DELAYS = (0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 300.0, 3600.0)

Sample = tuple[list[str], float | None]
"""The values of its labels; None: unknown, so it is left out."""


class Meters:
    """What this process handled and delivered since it began, and what it takes."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._handled = Counter(
            "scrum_mcp_handled_events", "Events that a handler took", ["group"], registry=self.registry
        )
        self._failures = Counter(
            "scrum_mcp_handler_failures", "Calls of a handler that failed", ["group"], registry=self.registry
        )
        self._seconds = Histogram(
            "scrum_mcp_handler_duration_seconds",
            "What a call of a handler took, for one event or for many",
            ["group"],
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._delivered = Counter(
            "scrum_mcp_delivered_ceremonies",
            "Ceremonies whose report was made and kept",
            registry=self.registry,
        )
        self._undelivered = Counter(
            "scrum_mcp_ceremony_failures",
            "Attempts to deliver a ceremony that came to nothing",
            registry=self.registry,
        )
        self._delays = Histogram(
            "scrum_mcp_ceremony_delay_seconds",
            "From when a ceremony was due until it was delivered",
            registry=self.registry,
            buckets=_DELAYS,
        )

    def delivered(self, one: "Delivered") -> None:
        if one.why:
            self._undelivered.inc()
            return
        self._delivered.inc()
        self._delays.observe(max(0.0, (one.now - one.occurrence.due_at).total_seconds()))

    def watching(self, groups: "Iterable[Group[Any]]") -> "tuple[Group[Any], ...]":
        """The same groups, with handlers that are measured."""
        return tuple(
            replace(
                group,
                subscriptions=tuple(self._watching(group.name, each) for each in group.subscriptions),
            )
            for group in groups
        )

    def _watching(self, group: str, subscription: Subscription[W]) -> Subscription[W]:
        handled, failures = self._handled.labels(group), self._failures.labels(group)
        seconds = self._seconds.labels(group)

        async def handle(work: W, deliveries: Sequence[Delivery]) -> None:
            with seconds.time(), failures.count_exceptions():
                await subscription.handle(work, deliveries)
            handled.inc(len(deliveries))

        return replace(subscription, handle=handle)


def exposition(standing: EventsStanding, meters: Meters) -> bytes:
    """What Prometheus reads."""
    now = CollectorRegistry()
    now.register(_Standing(standing))
    return generate_latest(now) + generate_latest(meters.registry)


@dataclass(frozen=True)
class _Standing(Collector):
    standing: EventsStanding

    def collect(self) -> Iterator[Metric]:
        yield from self._stores()
        yield from self._groups()

    def _stores(self) -> Iterator[Metric]:
        stores = self.standing.stores
        yield _gauge("redis_up", "Whether Redis answers", [([], float(not self.standing.redis_away))])
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
        groups = self.standing.groups
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


def _gauge(name: str, about: str, samples: Iterable[Sample], *labels: str) -> Metric:
    family = GaugeMetricFamily(f"scrum_mcp_{name}", about, labels=labels)
    for values, value in samples:
        if value is not None:
            family.add_metric(values, value)
    return family
