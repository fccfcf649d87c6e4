"""Learning again from the log of who first did what, kept as arrays beside the store: only what is new is read.

It is kept where every interaction counts, without corrections or retractions, and is of somebody with ties, and used
while the ledger has only grown by such ones: the log is then that of all interactions, bit for bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from influence_graph.analyses.learning.log import ActionLog, action_log, actions_of, extended
from influence_graph.app.jobs import kept_files
from influence_graph.app.jobs.channels import influence_ties
from influence_graph.app.jobs.job import Progress
from influence_graph.app.jobs.learn import LearnInputs, LearnJob, notes_of
from influence_graph.app.recompute.packing import DoesNotFitError, packed, require_rows, unpacked
from influence_graph.stores.base import InteractionFilter, LedgerMark, Snapshot
from influence_graph.version import __version__

if TYPE_CHECKING:
    import pyarrow as pa

    from influence_graph.analyses.learning.learn import Learned
    from influence_graph.model.graph import Graph
    from influence_graph.model.parameters import LearnParameters

FILE_NAME = "action-log.arrow"
"""The kept log, in the cache folder of a snapshot."""
_FORMAT = 1
_MAGIC = b"influence-graph action log\n"
_ARRAYS = "offsets", "users", "times", "items"


@dataclass(frozen=True, eq=False)
class LogInputs(LearnInputs):
    """What is learned from, with where its log is to be kept.

    Attributes:
        path: File of the kept log.
        header: What must match before it is used; None: it is not kept.
        from_kept: Whether a kept log was extended, rather than all interactions read.
    """

    path: Path = Path()
    header: Mapping[str, Any] | None = field(default=None)
    from_kept: bool = False


class LearnAgain(LearnJob):
    """Learn the probability of each tie as :class:`LearnJob` does, from a kept log where it fits."""

    def read(self, view: Snapshot, parameters: LearnParameters) -> LearnInputs:
        """Read the ties, and of the interactions what is not in the kept log."""
        if parameters.actions is not None or parameters.as_of is not None:
            return super().read(view, parameters)
        ties, path = influence_ties(view), view.cache / FILE_NAME
        of = _of(view, ties, parameters)
        kept = _load(path, of)
        log = None if kept is None else _extended(view, ties, parameters, *kept)
        if kept is not None and log is None and view.mark().ledger != kept[0].ledger:
            with suppress(OSError):  # of another ledger: it may hold somebody who was forgotten
                path.unlink(missing_ok=True)
        header = {**of, "mark": asdict(view.mark())}
        if log is not None:
            return LogInputs(ties, pd.DataFrame(), log, path=path, header=header, from_kept=True)
        interactions = view.interactions()
        if not interactions.num_rows:
            return super().read(view, parameters)
        actions = actions_of(interactions, parameters.item, view.touchpoints())
        notes = notes_of(actions)
        log = action_log(ties, actions)
        keep = _all_count(interactions, view.mark().position) and not log.unknown_users and log.zero is not None
        return LogInputs(ties, pd.DataFrame(), log, path=path, header=header if keep else None, notes=notes)

    def calculate(self, inputs: LearnInputs, parameters: LearnParameters, progress: Progress | None = None) -> Learned:
        """Learn, and keep the log."""
        learned = super().calculate(inputs, parameters, progress)
        if isinstance(inputs, LogInputs) and inputs.header is not None and inputs.log is not None:
            log = inputs.log
            more = {"zero": None if log.zero is None else log.zero.isoformat(), "repeated": log.repeated}
            arrays = packed({name: getattr(log, name) for name in _ARRAYS})
            kept_files.write(inputs.path, _MAGIC, {**inputs.header, **more}, arrays)
        return learned


def _of(view: Snapshot, ties: Graph, parameters: LearnParameters) -> dict[str, Any]:
    """Return what a log depends on beside the interactions."""
    versions = {"format": _FORMAT, "version": __version__}
    return {**versions, "ties": ties.digest, "item": parameters.item, "touchpoints": view.touchpoints().digest}


def _all_count(interactions: pa.Table, number: int) -> bool:
    """Return whether *interactions* are all of *number*, and none corrects another."""
    return interactions.num_rows == number and int(interactions["replaces"].null_count) == number


def _extended(
    view: Snapshot, ties: Graph, parameters: LearnParameters, mark: LedgerMark, log: ActionLog
) -> ActionLog | None:
    """Return *log*, of the interactions of *mark*, with those of now; None where it does not fit them."""
    if view.mark(mark.position) != mark:
        return None
    number = view.mark().position - mark.position
    if not number:
        return log
    new = view.interactions(InteractionFilter(after=mark.position))
    if not _all_count(new, number):
        return None
    actions = actions_of(new, parameters.item, view.touchpoints())
    return extended(log, ties, actions) if len(actions) else log


def _load(path: Path, of: Mapping[str, Any]) -> tuple[LedgerMark, ActionLog] | None:
    """Return the log in *path* and its mark; None where no whole file is there that depends on what *of* says."""
    found = kept_files.read(path, _MAGIC)
    if found is None:
        return None
    header, table = found
    try:
        mark, zero, repeated = (header.pop(name) for name in ("mark", "zero", "repeated"))
        if header != of:
            return None
        arrays = unpacked(table)
        offsets, users, times, items = (arrays[name] for name in _ARRAYS)
        require_rows(offsets, users, 1 << 62)
        if users.size != times.size or items.size != offsets.size - 1:
            return None
        log = ActionLog(offsets, users, times, items, int(repeated), 0, 0, pd.Timestamp(zero))
        return LedgerMark(**mark), log
    except (AttributeError, DoesNotFitError, KeyError, TypeError, ValueError):
        return None
