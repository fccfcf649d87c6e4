"""The Fusion Scores of all bonds at the latest time, brought up to date from kept sums where they fit.

The ledger only grows, so the running sums of its first n interactions stay valid: kept beside the store
with the mark of these n, they spare the next command all but the new interactions and those of the
consumers to replay (:mod:`influence_graph.analyses.fusion.running_sums`). What is kept can be calculated
again, so it is used only where everything matches: format and package version, policy, token of the
ledger and digest of its first n interactions. Else all scores are calculated anew, with no error.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.fusion.running_sums import RunningSums, Update
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.fusion.sums_table import sums_of, table_of
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.app.jobs import kept_files
from influence_graph.stores.base import InteractionFilter, LedgerMark, Snapshot
from influence_graph.version import __version__

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from influence_graph.model.policy.policy import FusionPolicy

FILE_NAME = "fusion-sums.arrow"
"""The kept sums, in the cache folder of a snapshot."""
MOST_REPLAYED = 0.1
"""Share of all consumers from which on replaying is not clearly faster than calculating anew."""
_FORMAT = 2
_MAGIC = b"influence-graph fusion sums\n"


@dataclass(frozen=True, eq=False)
class LatestInputs:
    """What a snapshot gives to the scores at its latest time; they can be calculated after it has ended.

    Attributes:
        policy: Parameters of the scores.
        path: File of the kept sums.
        keep: Whether the sums are to be kept.
        mark: The state of the ledger; None where all is calculated anew and nothing is kept.
        sums: The kept sums, None where all is calculated anew.
        update: The interactions appended since then, None where there are none.
        interactions: All interactions where ``sums`` is None; else those of the consumers to replay.
        kept: The state of the ledger that ``sums`` stand for.
        unknown_kinds: Number of interactions that count by kind that the touchpoint table does not list.
    """

    policy: FusionPolicy
    path: Path
    keep: bool = False
    mark: LedgerMark | None = None
    sums: RunningSums | None = None
    update: Update | None = None
    interactions: pa.Table | None = None
    kept: LedgerMark | None = None
    unknown_kinds: Mapping[str, int] = field(default_factory=dict)

    @property
    def touched(self) -> pa.Array | None:
        """The consumers whose points may differ from those at ``kept``: of new interactions, and to replay."""
        if self.sums is None:
            return None
        if self.update is None:
            return pa.array([], pa.string())
        codes = np.union1d(self.update.events.consumer.codes, self.update.replayed)
        return pa.array(self.update.base.consumers.texts[codes], pa.string())


@dataclass(frozen=True, eq=False)
class LatestScores:
    """The scores of all bonds at the latest time.

    Attributes:
        frame: The frame of :func:`~influence_graph.fusion_scores`.
        mark: The state of the ledger that they stand for; None where all was calculated anew and nothing is kept.
        from_kept: Whether kept sums were brought up to date, rather than all calculated anew.
        is_kept: Whether the sums of this state of the ledger are kept now.
    """

    frame: pd.DataFrame
    mark: LedgerMark | None
    from_kept: bool
    is_kept: bool


def read(view: Snapshot, policy: FusionPolicy, *, keep: bool = False) -> LatestInputs:
    """Read what the scores of all bonds at the latest time of *view* need: only what is new, where kept sums fit.

    Args:
        view: A snapshot of the ledger.
        policy: Parameters of the scores.
        keep: Whether to keep the sums for the next time.
    """
    return replace(_read(view, policy, keep=keep), unknown_kinds=policy.table.unknown(view.kinds()))


def _read(view: Snapshot, policy: FusionPolicy, *, keep: bool) -> LatestInputs:
    path = view.cache / FILE_NAME
    kept = _load(path, policy)
    if kept is not None and view.mark(kept[0].position) == kept[0]:
        mark, sums = kept
        new = view.interactions(InteractionFilter(after=mark.position, history=True))
        if not new.num_rows:
            return LatestInputs(policy, path, keep, mark, sums, kept=mark)
        update = sums.prepare(read_ledger(new), lambda ids: _consumers_of(view, sums, ids))
        if update.replayed.size <= MOST_REPLAYED * len(update.base.consumers):
            return LatestInputs(policy, path, keep, view.mark(), sums, update, _history(view, update), mark)
    elif kept is not None and view.mark().ledger != kept[0].ledger:
        with suppress(OSError):  # of another ledger: it may hold somebody who was forgotten
            path.unlink(missing_ok=True)
    interactions = view.interactions(InteractionFilter(history=True))
    return LatestInputs(policy, path, keep, view.mark() if keep else None, interactions=interactions)


def calculate(inputs: LatestInputs) -> LatestScores:
    """Return the scores that *inputs* give, and keep the sums where this was requested of :func:`read`.

    They equal ``fusion_scores`` of all interactions, with the same columns, order and ``attrs``; where
    sums are kept, to rounding: within 1e-9.

    Sums that cannot be written are not kept, which is no error: they only save time.
    """
    sums, interactions = inputs.sums, inputs.interactions
    if sums is None and interactions is not None and not (inputs.keep and interactions.num_rows):
        frame = fusion_scores(interactions, policy=inputs.policy)
        return LatestScores(frame, inputs.mark, from_kept=False, is_kept=False)
    from_kept = sums is not None
    if sums is None:
        sums = RunningSums.of(read_ledger(interactions), inputs.policy)
    elif inputs.update is not None:
        sums = inputs.update.applied(interactions)
    is_kept = from_kept and inputs.update is None
    if inputs.keep and inputs.mark is not None and not is_kept:
        is_kept = _save(inputs.path, inputs.mark, sums)
    frame = sums.frame()
    frame.attrs["unknown_kinds"] = dict(inputs.unknown_kinds)
    return LatestScores(frame, inputs.mark, from_kept, is_kept)


def _consumers_of(view: Snapshot, sums: RunningSums, ids: pa.Array) -> NDArray[np.int64]:
    """Return the codes of the consumers of the events with *ids*."""
    events = view.interactions(InteractionFilter(events=ids.to_pylist(), history=True))
    named = events.filter(pc.is_in(events.column("event_id").cast(ids.type), ids)).column("consumer")
    codes = sums.consumers.find(named.unique().to_numpy(zero_copy_only=False).astype(object))
    return codes[codes >= 0]


def _history(view: Snapshot, update: Update) -> pa.Table | None:
    """Return all events of the consumers to replay, and the corrections of them."""
    if not update.replay.any():
        return None
    names = update.base.consumers.texts[update.replayed]
    return view.interactions(InteractionFilter(consumers=names.tolist(), history=True))


def _save(path: Path, mark: LedgerMark, sums: RunningSums) -> bool:
    """Return whether the sums of *mark* could be written to *path*."""
    return kept_files.write(path, _MAGIC, _header(sums.policy, mark), table_of(sums))


def _load(path: Path, policy: FusionPolicy) -> tuple[LedgerMark, RunningSums] | None:
    """Return the sums in *path* and their mark; None where no whole file of this version and *policy* is there."""
    found = kept_files.read(path, _MAGIC)
    if found is None:
        return None
    header, table = found
    try:
        mark = LedgerMark(**header["mark"])
    except (KeyError, TypeError):
        return None
    if header != _header(policy, mark) or not isinstance(mark.position, int):
        return None
    sums = sums_of(table, policy)
    return None if sums is None else (mark, sums)


def _header(policy: FusionPolicy, mark: LedgerMark) -> dict[str, Any]:
    """Return what must match before kept sums of *mark* are used."""
    versions = {"format": _FORMAT, "version": __version__}
    return {**versions, "policy": policy.to_dict(), "mark": asdict(mark)}
