"""What is too old is erased by a scheduler, after a tick and once a day, under the lease of that tick.

Not after each tick: erasing writes the file of a folder anew, and all results are calculated again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from influence_graph.app.forget.forget import forget
from influence_graph.model.parameters import ForgetParameters
from influence_graph.model.recalculations import Recalculation
from influence_graph.schedule.events import Event, Tell
from influence_graph.schedule.retention import DAY, ERASED, told
from influence_graph.stores.base import Lease, Reader, Store

STATE = "retention"
"""Name of the state in which a store notes what was last erased by age."""


def retaining(
    store: Store, age: timedelta, tell: Tell, *, key_file: Path | None = None, notify: Callable[[str], None]
) -> Callable[[Recalculation, Lease], None]:
    """Return what follows a recalculation: it erases what happened longer than *age* ago, unless it did so today.

    What was erased stands in the state :data:`STATE` of *store*, in the recalculation that follows, and in what *tell*
    hears. Where nothing is too old, nothing is written but that state.

    Args:
        store: Where records are.
        age: As in :class:`retention.RetentionSettings`.
        tell: Called with the event ``retention``.
        key_file: File of the key, by which the erasure of a person that was cut off is completed.
        notify: Called with a line for the user.
    """
    parameters = ForgetParameters(older_than=age)

    def after(done: Recalculation, lease: Lease) -> None:
        now = datetime.now(UTC)
        if _is_done(store.state(STATE), age, now):
            return
        trial = forget(store, parameters, key_file=key_file, dry_run=True)
        records, recalculation = {kind: trial.erased.records.get(kind, 0) for kind in ERASED}, ""
        if any(trial.erased.records.values()) or store.unfinished_erasures():
            forgotten = forget(store, parameters, key_file=key_file, notify=notify, lease=lease)
            records = {kind: forgotten.erased.records.get(kind, 0) for kind in ERASED}
            recalculation = "" if forgotten.recalculation is None else forgotten.recalculation.id
        erased = {"older_than": age.total_seconds(), "at": now.isoformat(), "records": records}
        store.set_state(STATE, {**erased, "recalculation": recalculation}, lease)
        tell(Event("retention", told(erased), fields={**records, "tick": done.tick, "recalculation": recalculation}))

    return after


def last_erased(view: Reader) -> str | None:
    """Return what a scheduler last erased by age, in a line; None where it never did."""
    state = view.state(STATE)
    return None if state is None else told(state)


def _is_done(state: Mapping[str, Any] | None, age: timedelta, now: datetime) -> bool:
    """Return whether that was done today: a clock that was set back counts as another day."""
    if state is None or state["older_than"] != age.total_seconds():
        return False
    return timedelta(0) <= now - datetime.fromisoformat(state["at"]) < DAY
