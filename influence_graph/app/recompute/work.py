"""The steps of one recalculation: each is compared with what it was calculated from, and calculated if that differs."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from influence_graph.app.jobs.job import Notify, read_in, to_be_written
from influence_graph.app.recompute import inputs as inputs_of
from influence_graph.app.recompute import kept
from influence_graph.app.recompute.asked import parameters_of
from influence_graph.app.recompute.comparing import TOLERANCE, distance
from influence_graph.app.recompute.kinds import calculated
from influence_graph.app.recompute.lacks import lacking
from influence_graph.app.recompute.since import Since
from influence_graph.app.recompute.view import Renewed
from influence_graph.ending import check
from influence_graph.errors import InputError, NotConverged, NotFound, NotVerified
from influence_graph.model.parameters import RecomputeParameters
from influence_graph.model.recalculations import Outcome, Step
from influence_graph.model.results import RESULTS
from influence_graph.stores.base import Written

if TYPE_CHECKING:
    import pyarrow as pa

FULL, INCREMENTAL = "full", "incremental"
_LACKS = (InputError, NotFound, NotConverged)


@dataclass
class Work:
    """What has been done so far in one recalculation."""

    view: Renewed
    parameters: RecomputeParameters
    since: Since
    started: datetime
    notify: Notify | None
    steps: list[Step] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)

    def take(self, kind: str, only: Sequence[str]) -> Step:
        """Take the step *kind*; what is not among *only* is left as it is, unless that names none.

        Raises:
            NotVerified: the result differs from that of a full calculation.
        """
        check()
        begun = time.perf_counter()
        try:
            step = self._step(kind) if not only or kind in only else _skipped(kind, "not asked for")
        except _LACKS as error:
            step = _skipped(kind, str(error))
        run = self.view.current().get(kind)
        seconds = time.perf_counter() - begun
        self.steps.append(replace(step, run=None if run is None else run.id, seconds=seconds, memory=_peak()))
        return self.steps[-1]

    def _step(self, kind: str) -> Step:
        if lacks := lacking(self.view, RESULTS[kind]):
            return _skipped(kind, f"the store holds no {lacks}")
        run = self.view.current().get(kind)
        asked = parameters_of(kind, run, self.parameters, self.view.touchpoints())
        digest = inputs_of.digest_of(self.view, kind, asked)
        why = self._why(kind, digest)
        step = Step(kind, Outcome.UNCHANGED, why="all that it is calculated from is as it was", inputs=digest)
        if why:
            if self.notify is not None:
                self.notify(f"{kind}: {why}")
            step = Step(kind, Outcome.CALCULATED, self._calculate(kind, asked), why, digest)
        return self._verified(step, asked) if self.parameters.verify else step

    def _why(self, kind: str, digest: str) -> str:
        """Return why *kind* is calculated; "" where nothing has changed."""
        run = self.view.current().get(kind)
        if run is None:
            return "there was no such result"
        if self.parameters.full:
            return "asked for in full"
        return self.since.why(kind, run.id, digest)

    def _calculate(self, kind: str, asked: Any) -> str:  # noqa: ANN401
        """Calculate *kind* and let it be the current one of the view; return by which method."""
        if self.parameters.full:
            kept.forget(self.view.cache, kind)
        job = calculated(kind).job
        inputs = kept.attached(self.view.cache, kind, read_in(job, self.view, asked), asked)
        outcome = job.calculate(inputs, asked)
        result = to_be_written(job, asked, (inputs, outcome), self.started)
        if result is None:  # it was interrupted
            raise KeyboardInterrupt
        kept.save(self.view.cache, kind, outcome)
        self.view.put(result)
        self.written.append(result)
        return INCREMENTAL if kept.is_incremental(kind, inputs, outcome) else FULL

    def _verified(self, step: Step, asked: Any) -> Step:  # noqa: ANN401
        """Return *step* with its distance from a calculation that nothing was kept for.

        Raises:
            NotVerified: it is too far.
        """
        if getattr(asked, "time_limit", None) is not None:
            return replace(step, why=f"{step.why}; not verified: it ends by time")
        found = self.view.results(step.kind)
        apart = distance(RESULTS[step.kind], found[1] if found else None, self._in_full(step.kind, asked))
        if not apart.is_close:
            kept.forget(self.view.cache, step.kind)
            raise NotVerified(
                f"{step.kind} differs from its full calculation by {apart.largest:.3g} at most and {apart.total:.3g} "
                f"in all, the limit is {TOLERANCE:g}; nothing was written",
                remedy="`influence-graph recompute --full` calculates without what was kept; report it",
            )
        return replace(step, difference=apart.largest, total_difference=apart.total)

    def _in_full(self, kind: str, asked: Any) -> pa.Table:  # noqa: ANN401
        """Return the rows of *kind* as calculated from all records, with nothing kept before or after."""
        job = calculated(kind).job
        with tempfile.TemporaryDirectory(prefix="influence-graph-") as empty:
            view = self.view.with_cache(Path(empty))
            inputs = read_in(job, view, asked)
            written = to_be_written(job, asked, (inputs, job.calculate(inputs, asked)), self.started)
        if written is None:  # it was interrupted
            raise KeyboardInterrupt
        return written.table


def _skipped(kind: str, why: str) -> Step:
    return Step(kind, Outcome.SKIPPED, why=why)


def _peak() -> int:
    """Return the peak of this process' resident memory in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
