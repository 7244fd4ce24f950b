"""What a process counts of its own work, for Prometheus."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

from scrum.deliveries import Delivery, Subscription

if TYPE_CHECKING:  # it brings SQLAlchemy along, which may load after the server listens
    from scrum_server.ceremonies.delivering import Delivered
    from scrum_server.events.groups import Group

W = TypeVar("W")

_SECONDS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0)
_DELAYS = (0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0, 300.0, 3600.0)


class Meters:
    """What this process handled and delivered since it began, and what it takes."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._handlers = _Handlers(self.registry)
        self._ceremonies = _Ceremonies(self.registry)

    def delivered(self, one: "Delivered") -> None:
        if one.why:
            self._ceremonies.failures.inc()
            return
        self._ceremonies.delivered.inc()
        self._ceremonies.delays.observe(max(0.0, (one.now - one.occurrence.due_at).total_seconds()))

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
        handlers = self._handlers
        handled, failures = handlers.handled.labels(group), handlers.failures.labels(group)
        seconds = handlers.seconds.labels(group)

        async def handle(work: W, deliveries: Sequence[Delivery]) -> None:
            with seconds.time(), failures.count_exceptions():
                await subscription.handle(work, deliveries)
            handled.inc(len(deliveries))

        return replace(subscription, handle=handle)


class _Handlers:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.handled = Counter(
            "scrum_mcp_handled_events", "Events that a handler took", ["group"], registry=registry
        )
        self.failures = Counter(
            "scrum_mcp_handler_failures", "Calls of a handler that failed", ["group"], registry=registry
        )
        self.seconds = Histogram(
            "scrum_mcp_handler_duration_seconds",
            "What a call of a handler took, for one event or for many",
            ["group"],
            registry=registry,
            buckets=_SECONDS,
        )


class _Ceremonies:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.delivered = Counter(
            "scrum_mcp_delivered_ceremonies", "Ceremonies whose report was made and kept", registry=registry
        )
        self.failures = Counter(
            "scrum_mcp_ceremony_failures",
            "Attempts to deliver a ceremony that came to nothing",
            registry=registry,
        )
        self.delays = Histogram(
            "scrum_mcp_ceremony_delay_seconds",
            "From when a ceremony was due until it was delivered",
            registry=registry,
            buckets=_DELAYS,
        )
