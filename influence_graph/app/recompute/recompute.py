"""All results made current together: only what has changed is calculated, and all of it takes effect at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from influence_graph.app.jobs.job import Notify
from influence_graph.app.recompute.held import held
from influence_graph.app.recompute.kinds import DEFAULT, asked_for, ordered
from influence_graph.app.recompute.lacks import lacking
from influence_graph.app.recompute.since import since_of
from influence_graph.app.recompute.view import Renewed
from influence_graph.app.recompute.work import Work
from influence_graph.ending import in_doubt
from influence_graph.errors import InputError
from influence_graph.model.parameters import RecomputeParameters, recorded
from influence_graph.model.recalculations import Recalculation, Step
from influence_graph.model.results import LIFT, RESULTS
from influence_graph.stores.base import Lease, LedgerMark, Store
from influence_graph.version import __version__

Stepped = Callable[[Step], None]


def recompute(  # noqa: PLR0913 - what is asked for, and who asks
    store: Store,
    parameters: RecomputeParameters = RecomputeParameters(),  # noqa: B008 - frozen
    *,
    tick: str | None = None,
    covers: Sequence[str] = (),
    lease: Lease | None = None,
    notify: Notify | None = None,
    progress: Stepped | None = None,
    reason: Mapping[str, Any] | None = None,
) -> Recalculation | None:
    """Make the results of *store* current together, and return what was done; None where *tick* took effect before.

    Each result is calculated by the parameters of its current run, at the latest time; what draws random numbers draws
    those of that run. What it is calculated from is compared with what its current run was calculated from: where all
    is the same, nothing is calculated. Results equal those of a full calculation to 1e-8, seeds and reach exactly. All
    are read from one state of the ledger, and become current in one step: whoever is killed meanwhile leaves the former
    ones. What a store lacks the records for is skipped, and the step says why.

    Args:
        store: Where records are read and results written.
        parameters: Which steps, and how.
        tick: The scheduled time that this is for, ``NAME@ISO-8601``; it takes effect once.
        covers: Earlier ticks that it stands for, too.
        lease: The lease ``RECALCULATION``, which the caller renews; None: it is held and renewed here.
        notify: Called with a line for the user at the beginning of a step.
        progress: Called with each step when it is done.
        reason: What else the recalculation keeps with its parameters, as JSON values: why it was asked for.

    Raises:
        InputError: a parameter is out of its limits.
        NotFound: there is no store, no such step, or no such run or time to compare with.
        LockHeld: another process recalculates, or took over meanwhile; nothing was written.
        NotVerified: a result differs from that of a full calculation; nothing was written.
    """
    only = asked_for(parameters.only)
    _check(parameters)
    store.runs()  # which refuses where there is no store; the lease would make one
    started = datetime.now(UTC)
    with ExitStack() as inside:
        own = inside.enter_context(held(store)) if lease is None else lease
        with store.snapshot() as snapshot:
            view = Renewed(snapshot)
            if tick is not None and _took_effect(view, tick):
                return None
            mark = view.mark()
            work = Work(view, parameters, since_of(view, parameters.since), started, notify)
            for kind in _kinds(view, only):
                step = work.take(kind, only)
                if progress is not None:
                    progress(step)
        done = _recalculation(work, mark, tick, tuple(covers), reason or {})
        if tick is not None or work.written:
            in_doubt()  # from here on nobody can tell but the store
            if not store.write_together(done, work.written, own):
                return None
            store.prune(parameters.keep_runs)
    return done


def _check(parameters: RecomputeParameters) -> None:
    if parameters.keep_runs < 1:
        raise InputError(f"keep_runs is {parameters.keep_runs}, must be 1 or more", remedy="use 10")


def _kinds(view: Renewed, only: Sequence[str]) -> list[str]:
    """Return the steps in their order: the usual ones, those that *only* names, and what the store has results of."""
    lift = set() if lacking(view, LIFT) else {LIFT.kind}
    return ordered({*DEFAULT, *lift, *only, *(kind for kind in view.current() if kind in RESULTS)})


def _took_effect(view: Renewed, tick: str) -> bool:
    return any(tick == done.tick or tick in done.covers for done in view.recalculations())


def _recalculation(
    work: Work, mark: LedgerMark, tick: str | None, covers: tuple[str, ...], reason: Mapping[str, Any]
) -> Recalculation:
    return Recalculation(
        f"recalculation-{work.started:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}",
        work.started,
        datetime.now(UTC),
        mark.ledger,
        mark.position,
        tuple(work.steps),
        {kind: run.id for kind, run in work.view.current().items()},
        __version__,
        tick,
        covers,
        {**recorded(work.parameters), **reason},
    )
