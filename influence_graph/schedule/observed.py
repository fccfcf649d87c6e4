"""What a scheduler tells, passed on to its log, its figures and its health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from influence_graph.model.recalculations import Recalculation
from influence_graph.schedule.daemon import Scheduler
from influence_graph.schedule.events import Event
from influence_graph.schedule.health import Health
from influence_graph.schedule.metrics import AlertOutcome, Metrics, TickOutcome
from influence_graph.schedule.record import Became
from influence_graph.schedule.retention import ERASED
from influence_graph.stores.base import Lease

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger as Log

_OUTCOMES = {
    Became.DONE: TickOutcome.DONE,
    Became.ELSEWHERE: TickOutcome.ELSEWHERE,
    Became.FAILED: TickOutcome.FAILED,
}
_ALIVE_SECONDS = 3600.0  # a recalculation may take that long without a word
_STORE = "store"


@dataclass(frozen=True)
class Observers:
    """Who hears of the events of a scheduler; None: nobody.

    Attributes:
        log: Where lines go, without people.
        metrics: The figures.
        health: What is amiss.
    """

    log: Log | None
    metrics: Metrics | None
    health: Health | None

    def tell(self, event: Event) -> None:
        """Take *event*."""
        if self.log is not None:
            (self.log.error if event.is_error else self.log.info)(event.name, **event.fields)
        if self.metrics is not None:
            self._count(self.metrics, event)
        if self.health is not None:
            self._judge(self.health, event)

    def recalculated(self, done: Recalculation, lease: Lease) -> None:
        """Count the steps of *done*; what follows a recalculation."""
        del lease
        if self.metrics is not None:
            self.metrics.recalculated(done)

    def leased(self, held: bool, lost: bool) -> None:
        """Take whether the lease is held, and whether it was lost."""
        if self.metrics is not None:
            self.metrics.lease(held, lost)

    def alive(self, schedulers: Sequence[Scheduler]) -> None:
        """Take a sign of life of *schedulers*."""
        if self.metrics is not None:
            for scheduler in schedulers:
                self.metrics.due(scheduler.name, scheduler.overdue)
        if self.health is not None:
            self.health.beat(_ALIVE_SECONDS)

    def _count(self, metrics: Metrics, event: Event) -> None:
        fields = event.fields
        if event.name == "tick":
            schedule = fields["tick"].rpartition("@")[0]
            metrics.tick(schedule, _OUTCOMES[Became(fields["became"])])
            if fields["covers"]:
                metrics.tick(schedule, TickOutcome.COVERED, fields["covers"])
        elif event.name == "inbox":
            good = fields.get("rows", 0) - fields.get("rejected", 0)
            metrics.ingested(good, fields.get("rejected", 0), failed=event.is_error)
        elif event.name == "alert":
            metrics.alert(AlertOutcome.FAILED if event.is_error else AlertOutcome.RAISED)
        elif event.name == "retention":
            metrics.erased({kind: fields[kind] for kind in ERASED})
        elif event.name == "delivery":
            metrics.alert(AlertOutcome.DELIVERED, fields["sent"])
            metrics.undelivered(fields["waiting"])

    def _judge(self, health: Health, event: Event) -> None:
        if event.name == "started":
            health.begin()
        elif event.name == "stopped":
            health.stop()
        elif event.name == "tick":
            health.recover(_STORE)
            part = f"schedule {event.fields['tick'].rpartition('@')[0]}"
            if event.is_error:
                health.degrade(part, event.fields["why"])
            else:
                health.recover(part)
        elif event.is_error:
            health.degrade(_STORE, event.fields.get("why") or event.name)
