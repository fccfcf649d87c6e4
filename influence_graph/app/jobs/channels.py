"""Along which ties influence passes in a store, and with which probability."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.analyses.diffusion.probabilities import uniform_probabilities, weighted_cascade
from influence_graph.app.lookups import require_ties
from influence_graph.errors import InputError
from influence_graph.model.csr import row_of_each
from influence_graph.model.graph import Graph, GraphKind, Parallel
from influence_graph.model.parameters import DiffusionParameters
from influence_graph.model.results import LEARN
from influence_graph.model.runs import Run
from influence_graph.stores.base import Reader

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEARNED, WEIGHTED_CASCADE, WEIGHTS = "learned", "weighted-cascade", "weights"


@dataclass(frozen=True, eq=False)
class Channels:
    """The graph along which influence passes, with a probability per edge, and where that comes from."""

    graph: Graph
    source: str


def influence_ties(view: Reader, as_of: datetime | None = None, parallel: Parallel = "sum") -> Graph:
    """Return the ties the way influence flows: from the followed to the follower; friends both ways.

    Several ties of two people are one edge, as *parallel* says.

    Raises:
        InputError: the store holds no ties.
    """
    require_ties(view)
    return view.graph(GraphKind.TIES, as_of, parallel).reverse()


def channels(view: Reader, diffusion: DiffusionParameters) -> Channels:
    """Return the graph of *diffusion*, with the probabilities that it asks for.

    Raises:
        InputError: there are no ties, nothing was learned, or the probabilities are of no known kind.
    """
    ties = influence_ties(view, diffusion.as_of)
    requested = diffusion.probabilities
    if requested in (None, LEARNED):
        learned = view.results(LEARN)
        if learned is not None:
            run, table = learned
            return Channels(_learned(ties, run, table), f"learned ({run.id}){_caveat(run, ties, diffusion.as_of)}")
        if requested == LEARNED:
            message = f"the store {view.url} holds no learned probabilities"
            raise InputError(message, remedy="`influence-graph learn --write` learns them")
    if requested is None:
        return Channels(
            weighted_cascade(ties), "weighted cascade, as none are learned (`influence-graph learn --write`)"
        )
    if requested == WEIGHTED_CASCADE:
        return Channels(weighted_cascade(ties), "weighted cascade")
    if requested == WEIGHTS:
        adds = diffusion.model == "lt" or not ties.summed  # in linear threshold weights add up to the threshold
        likely = ties if adds else influence_ties(view, diffusion.as_of, "probability")
        return Channels(likely, "weights of the ties")
    return Channels(uniform_probabilities(ties, _number(requested)), f"{requested} on every tie")


_read: WeakKeyDictionary[Graph, tuple[str, Graph]] = WeakKeyDictionary()  # by the ties: run and learned graph


def _learned(ties: Graph, run: Run, table: pa.Table) -> Graph:
    """Return :func:`_likely_edges`, once per run while the graph *ties* lives: reach and seeds read the same."""
    found = _read.get(ties)
    if found is None or found[0] != run.id:
        found = _read[ties] = run.id, _likely_edges(ties, table)
    return found[1]


def _likely_edges(ties: Graph, table: pa.Table) -> Graph:
    """Return the learned edges above 0 that are edges of *ties*: a tie that is not there yet passes nothing on."""
    likely = table.filter(table["probability"].to_numpy() > 0)
    ids = pa.array(ties.ids, pa.large_string())
    ends = [pc.index_in(likely[name].cast(ids.type), ids).combine_chunks() for name in ("source", "target")]
    if any(end.null_count for end in ends):
        raise InputError(
            "the learned probabilities name people that the store no longer holds",
            remedy="learn again: `influence-graph learn --write`",
        )
    source, target = (end.to_numpy().astype(np.int64) for end in ends)
    code, codes = (row * ties.number_of_nodes + column for row, column in ((source, target), _cells(ties)))
    place = np.searchsorted(codes, code)  # ascending: rows are, and targets within a row
    there = codes[np.minimum(place, codes.size - 1)] == code if codes.size else np.zeros(code.size, np.bool_)
    weights = likely["probability"].to_numpy()[there]
    return Graph.from_arrays(ties.ids, source[there], target[there], weights, labels=ties.labels, as_of=ties.as_of)


def _cells(graph: Graph) -> tuple[NDArray[np.int64], NDArray[np.integer]]:
    """Return source and target of each edge."""
    return row_of_each(graph.indptr), graph.indices


def _caveat(run: Run, ties: Graph, as_of: datetime | None) -> str:
    """Return what a user should know of probabilities learned at another time, or nothing."""
    if as_of is not None and run.parameters.get("as_of") != as_of.isoformat():
        return f"; learned with another --as-of: `influence-graph learn --write --as-of {as_of:%Y-%m-%d}` fits"
    if run.input_digest != ties.digest:
        return "; the ties have changed since: `influence-graph learn --write` learns them anew"
    return ""


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(
            f"the probabilities {text!r} are of no known kind",
            remedy=f"use {LEARNED}, {WEIGHTED_CASCADE}, {WEIGHTS}, or a number from 0 to 1",
        ) from None
