"""What the search for influencers reads: who is exposed to whom, who took up what, who did or said anything at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.types as pt

from influence_graph.analyses.learning.log import ActionLog, action_log, codes_of, log_frame, seconds_of, users_of
from influence_graph.errors import InputError
from influence_graph.kernels.influencers.risk_sets import Audience
from influence_graph.model.csr import row_of_each
from influence_graph.model.frames import Frame, as_frame, require_one_kind
from influence_graph.model.graph import Graph
from influence_graph.model.ids import id_codes
from influence_graph.model.records import TIE_KINDS
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    _Frames = dict[str, pd.DataFrame]
    _Times = dict[str, NDArray[np.float64]]

DAY = 86_400.0
_TIES = ("source", "target", "kind", "since")
_NO_TIES = "the ties are empty: nobody is exposed to anybody"


@dataclass(frozen=True, eq=False)
class Inputs:
    """All that is read, over the nodes of one graph; times are seconds from one zero.

    Attributes:
        graph: Edges ``v -> u`` where u is exposed to v.
        since: When each edge began, in the order of ``graph.indices``; -∞ for always.
        log: Who took up what.
        did: Person and time of each record of activity; None: the log is all that is known.
        spoken: Person, item of the log and time of each record of what was spoken of; None: not known.
    """

    graph: Graph
    since: NDArray[np.float64]
    log: ActionLog
    did: tuple[NDArray[np.int64], NDArray[np.float64]] | None
    spoken: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]] | None


def read(ties: Graph | Frame, actions: Frame, activity: Frame | None, spoken: Frame | None) -> Inputs:
    """Return all inputs, checked.

    Raises:
        InputError: as :func:`~influence_graph.analyses.influencers.find.find_influencers` says.
    """
    tied = ties if isinstance(ties, Graph) else as_frame(ties, "ties", _TIES, _TIES[:2])
    did = log_frame(actions, "actions", ("user", "item", "time"))
    frames = {"actions": did}
    if activity is not None:
        frames["activity"] = log_frame(activity, "activity", ("user", "time"))
    if spoken is not None:
        frames["spoken"] = log_frame(spoken, "spoken", ("user", "item", "time"))
    given = None if isinstance(tied, Graph) or "since" not in tied else tied["since"].reset_index(drop=True)
    times, since = _on_one_clock({name: frame["time"] for name, frame in frames.items()}, given)
    graph, began = _exposure(tied, since)
    if not graph.indices.size:
        raise InputError(_NO_TIES, remedy="ingest ties first, or give the graph of who is exposed to whom")
    log = action_log(graph, did.assign(time=times["actions"]))
    if log.users.size and np.ptp(log.times) == 0:
        message = f"all {log.users.size:,} actions bear the same time: nobody took up anything before others"
        raise InputError(message, remedy="give the times at which they happened")
    return Inputs(graph, began, log, _did(graph, frames, times), _spoken(graph, log, frames, times))


def _did(graph: Graph, frames: _Frames, times: _Times) -> tuple[NDArray[np.int64], NDArray[np.float64]] | None:
    if "activity" not in frames:
        return None
    users, _, _ = users_of(graph, frames["activity"]["user"])
    if not (users >= 0).any():
        message = f"none of the {users.size:,} records of activity is of a person of the ties"
        raise InputError(message, remedy="use the same ids in ties and activity")
    return users[users >= 0], times["activity"][users >= 0]


def _spoken(
    graph: Graph, log: ActionLog, frames: _Frames, times: _Times
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]] | None:
    if "spoken" not in frames:
        return None
    users, _, _ = users_of(graph, frames["spoken"]["user"])
    codes, names = codes_of(frames["spoken"]["item"])
    items = pd.Index(log.items).get_indexer(pd.Index(names)).astype(np.int64)[codes]
    known = (users >= 0) & (items >= 0)
    return users[known], items[known], times["spoken"][known]


def _on_one_clock(
    columns: dict[str, pd.Series], since: pd.Series | None
) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64] | None]:
    """Return the times of all frames as seconds from one zero, and those of the ties, -∞ where they are missing."""
    parts = [_moments(column) for column in columns.values()]
    dated = None if since is None else since.notna().to_numpy(dtype=np.bool_)
    if since is not None and dated is not None and dated.any():
        parts.append(_moments(since[dated]))
    kinds = {_kind(part) for part in parts if len(part)}
    if len(kinds) > 1:
        message = (
            f"the times of {', '.join(columns)} and of the ties are of different kinds: {' and '.join(sorted(kinds))}"
        )
        raise InputError(message, remedy="give all as datetimes with a zone, or all as numbers of seconds")
    seconds = seconds_of(pd.concat(parts, ignore_index=True))
    ends = np.cumsum([len(part) for part in parts])
    split = np.split(seconds, ends[:-1])
    times = dict(zip(columns, split, strict=False))
    if since is None or dated is None:
        return times, None
    began = np.full(len(since), -np.inf)
    if dated.any():
        began[dated] = split[-1]
    return times, began


def _moments(column: pd.Series) -> pd.Series:
    """Return a column of times in a type of numpy, in UTC where they have a zone; what is no time as it is."""
    column = column.reset_index(drop=True)
    if column.dtype == object:
        column = column.infer_objects()
    if column.dtype == object and pd.api.types.infer_dtype(column) in ("date", "datetime", "datetime64"):
        require_one_kind("time", column)
        if any(getattr(each, "tzinfo", None) for each in column):
            return pd.to_datetime(column, utc=True)
        return column
    held = column.dtype.pyarrow_dtype if isinstance(column.dtype, pd.ArrowDtype) else None
    if held is not None and pt.is_timestamp(held):
        naive = np.dtype(f"datetime64[{held.unit}]")
        return _moments(column.astype(naive if held.tz is None else pd.DatetimeTZDtype(held.unit, held.tz)))
    return column.dt.tz_convert("UTC") if isinstance(column.dtype, pd.DatetimeTZDtype) else column


def _kind(column: pd.Series) -> str:
    dtype = column.dtype
    if pd.api.types.is_any_real_numeric_dtype(dtype):
        return "numbers"
    if isinstance(dtype, pd.DatetimeTZDtype):
        return "times with a zone"
    return "times without a zone" if pd.api.types.is_datetime64_any_dtype(dtype) else "dates or text"


def _exposure(ties: Graph | pd.DataFrame, since: NDArray[np.float64] | None) -> tuple[Graph, NDArray[np.float64]]:
    """Return the graph from who is seen to who sees, and since when."""
    if isinstance(ties, Graph):
        return ties, np.full(ties.indices.size, -np.inf)
    if not len(ties):
        raise InputError(_NO_TIES, remedy="ingest ties first, or give the graph of who is exposed to whom")
    began = np.full(len(ties), -np.inf) if since is None else since
    both = _mutual(ties["kind"]) if "kind" in ties else np.zeros(len(ties), np.bool_)
    sees, seen = ties["source"].to_numpy(), ties["target"].to_numpy()
    ends = np.concatenate([seen, sees[both]]), np.concatenate([sees, seen[both]])
    began = np.concatenate([began, began[both]])
    ids, (start, end) = id_codes(*ends)
    graph = Graph.from_arrays(ids, start, end)
    edges = row_of_each(graph.indptr) * ids.size + graph.indices
    first = np.full(edges.size, np.inf)  # of several ties of two people the first counts
    np.minimum.at(first, np.searchsorted(edges, start * ids.size + end), began)
    return graph, first


def _mutual(kinds: pd.Series) -> NDArray[np.bool_]:
    """Return which ties go both ways; one without a kind is ``follows``, as in the record.

    Raises:
        InputError: There is a tie of another kind: in which direction it goes is not known.
    """
    for kind in kinds.dropna().unique():
        if kind not in TIE_KINDS:
            known = f"use {', '.join(TIE_KINDS)}"
            raise InputError(f"a tie is of the kind {kind!r}", remedy=did_you_mean(str(kind), TIE_KINDS, known))
    mutual: NDArray[np.bool_] = (kinds == "friend").to_numpy(dtype=np.bool_, na_value=False)
    return mutual


def audience_of(inputs: Inputs, stratum: NDArray[np.int64]) -> Audience:
    """Return who is exposed to each person, by *stratum*, without loops."""
    graph = inputs.graph
    seen, sees = row_of_each(graph.indptr), graph.indices.astype(np.int64)
    kept = seen != sees
    seen, sees, since = seen[kept], sees[kept], inputs.since[kept]
    order = np.argsort(seen * (int(stratum.max(initial=0)) + 1) + stratum[sees], kind="stable")
    counts = np.cumsum(np.bincount(seen, minlength=graph.number_of_nodes))
    return Audience(np.concatenate([[0], counts]).astype(np.int64), sees[order], since[order])
