"""The Fusion Scores of all bonds at the latest time, brought up to date from kept sums where they fit.

The ledger only grows, so the running sums of its first n interactions stay valid: kept beside the store
with the mark of these n, they spare the next command all but the new interactions and those of the
consumers to replay (:mod:`influence_graph.analyses.fusion.running_sums`). What is kept can be calculated
again, so it is used only where everything matches: format and package version, policy, token of the
ledger and digest of its first n interactions. Else all scores are calculated anew, with no error.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.fusion.running_sums import RunningSums, Update
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.fusion.sums_table import sums_of, table_of
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.errors import InputError
from influence_graph.files import replacing
from influence_graph.stores.base import InteractionFilter, LedgerMark, Snapshot
from influence_graph.version import __version__

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from influence_graph.model.policy.policy import FusionPolicy

FILE_NAME = "fusion-sums.arrow"
"""The kept sums, in the cache folder of a snapshot."""
MOST_REPLAYED = 0.25
"""Share of all consumers above which calculating anew is quicker than replaying."""
_FORMAT = 1
_MAGIC = b"influence-graph fusion sums\n"
_DIGEST_BYTES = 16


@dataclass(frozen=True, eq=False)
class ScoreInputs:
    """What a snapshot gives to the scores at its latest time; they can be calculated after it has ended.

    Attributes:
        policy: Parameters of the scores.
        mark: The state of the ledger.
        folder: Where the sums are kept.
        sums: The kept sums, None where all is calculated anew.
        update: The interactions appended since then, None where there are none.
        interactions: All interactions where ``sums`` is None; else those of the consumers to replay.
    """

    policy: FusionPolicy
    mark: LedgerMark
    folder: Path
    sums: RunningSums | None = None
    update: Update | None = None
    interactions: pa.Table | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the kept sums are those of this state of the ledger."""
        return self.sums is not None and self.update is None


@dataclass(frozen=True, eq=False)
class LatestScores:
    """The scores of all bonds at the latest time.

    Attributes:
        frame: The frame of :func:`~influence_graph.fusion_scores`.
        mark: The state of the ledger that they stand for.
        from_kept: Whether kept sums were brought up to date, rather than all calculated anew.
        is_kept: Whether the sums of this state of the ledger are kept now.
    """

    frame: pd.DataFrame
    mark: LedgerMark
    from_kept: bool
    is_kept: bool


def scores(view: Snapshot, policy: FusionPolicy, *, keep: bool = False) -> LatestScores:
    """Return the Fusion Scores of all bonds at the latest time of *view*.

    They equal ``fusion_scores`` of all interactions, with the same columns, order and ``attrs``; where
    sums are kept, to rounding: within 1e-9.

    Args:
        view: A snapshot of the ledger.
        policy: Parameters of the scores.
        keep: Whether to keep the sums for the next time.
    """
    return calculate(read(view, policy), keep=keep)


def read(view: Snapshot, policy: FusionPolicy) -> ScoreInputs:
    """Read from *view* what the scores need: only what is new, where the kept sums fit."""
    mark = view.mark()
    kept = _load(view.cache / FILE_NAME, policy)
    if kept is not None and _is_part(kept[0], mark, view):
        before, sums = kept
        if before.position == mark.position:
            return ScoreInputs(policy, mark, view.cache, sums)
        new = read_ledger(view.interactions(InteractionFilter(after=before.position, history=True)))
        update = sums.prepare(new, lambda ids: _consumers_of(view, sums, ids))
        if update.replayed.size <= MOST_REPLAYED * len(update.base.consumers):
            return ScoreInputs(policy, mark, view.cache, sums, update, _history(view, update))
    return ScoreInputs(policy, mark, view.cache, interactions=view.interactions(InteractionFilter(history=True)))


def calculate(inputs: ScoreInputs, *, keep: bool = False) -> LatestScores:
    """Return the scores that *inputs* give; with *keep*, keep the sums unless they are kept already.

    Sums that cannot be written are not kept, which is no error: they only save time.
    """
    if inputs.sums is None and (not keep or inputs.mark.position == 0):
        frame = fusion_scores(_all_of(inputs), policy=inputs.policy)
        return LatestScores(frame, inputs.mark, from_kept=False, is_kept=False)
    sums = _sums(inputs)
    is_kept = inputs.is_kept or (keep and _save(inputs.folder / FILE_NAME, inputs.mark, sums))
    return LatestScores(sums.frame(), inputs.mark, from_kept=inputs.sums is not None, is_kept=is_kept)


def _sums(inputs: ScoreInputs) -> RunningSums:
    if inputs.sums is None:
        return RunningSums.of(read_ledger(_all_of(inputs)), inputs.policy)
    return inputs.sums if inputs.update is None else inputs.update.applied(inputs.interactions)


def _all_of(inputs: ScoreInputs) -> pa.Table:
    if inputs.interactions is None:
        raise ValueError("inputs without kept sums hold all interactions")
    return inputs.interactions


def _is_part(part: LedgerMark, whole: LedgerMark, view: Snapshot) -> bool:
    """Return whether *part* is the mark of the first interactions of *view*, whose own mark is *whole*."""
    if part.ledger != whole.ledger or part.position > whole.position:
        return False
    return part == (whole if part.position == whole.position else view.mark(part.position))


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
    body = pa.BufferOutputStream()
    table = table_of(sums).replace_schema_metadata({"header": _header(sums.policy, mark)})
    with pa.ipc.new_stream(body, table.schema) as stream:
        stream.write_table(table)
    content = body.getvalue()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary, temporary.open("wb") as file:
            file.write(_MAGIC)
            file.write(hashlib.blake2b(content, digest_size=_DIGEST_BYTES).digest())
            file.write(content)
    except (OSError, InputError):
        return False
    return True


def _load(path: Path, policy: FusionPolicy) -> tuple[LedgerMark, RunningSums] | None:
    """Return the sums in *path* and their mark; None where no whole file of this version and *policy* is there."""
    try:
        content = memoryview(path.read_bytes())
    except OSError:
        return None
    start = len(_MAGIC) + _DIGEST_BYTES
    body = content[start:]
    if content[:start] != _MAGIC + hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest():
        return None
    try:
        table = pa.ipc.open_stream(body).read_all()
        header = json.loads((table.schema.metadata or {})[b"header"])
        mark = LedgerMark(**header.pop("mark"))
    except (pa.ArrowInvalid, KeyError, TypeError, ValueError):
        return None
    if header != _versions(policy):
        return None
    sums = sums_of(table, policy)
    return None if sums is None else (mark, sums)


def _header(policy: FusionPolicy, mark: LedgerMark) -> str:
    return json.dumps({**_versions(policy), "mark": asdict(mark)})


def _versions(policy: FusionPolicy) -> dict[str, Any]:
    """Return what must match before kept sums are used, beside the mark."""
    return {"format": _FORMAT, "version": __version__, "policy": policy.to_dict()}
