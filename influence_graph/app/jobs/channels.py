"""Along which ties influence passes in a store, and with which probability."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.analyses.diffusion.probabilities import uniform_probabilities, weighted_cascade
from influence_graph.app.lookups import require_ties
from influence_graph.errors import InputError
from influence_graph.model.csr import row_of_each
from influence_graph.model.graph import Graph, GraphKind, Parallel
from influence_graph.model.parameters import DiffusionParameters
from influence_graph.model.results import LEARN
from influence_graph.model.runs import Run
from influence_graph.stores.base import Reader

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
            return Channels(_learned(ties, table), f"learned ({run.id}){_caveat(run, ties, diffusion.as_of)}")
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


def _learned(ties: Graph, table: pa.Table) -> Graph:
    """Return the learned edges above 0 that are edges of *ties*: a tie that is not there yet passes nothing on."""
    likely = table.filter(table["probability"].to_numpy() > 0)
    places = pd.Index(ties.ids)
    ends = [places.get_indexer(likely[name].to_pandas()) for name in ("source", "target")]
    if likely.num_rows and min(end.min() for end in ends) < 0:
        raise InputError(
            "the learned probabilities name people that the store no longer holds",
            remedy="learn again: `influence-graph learn --write`",
        )
    source, target = (np.asarray(end, np.int64) for end in ends)
    code = source * ties.number_of_nodes + target
    there = np.isin(code, row_of_each(ties.indptr) * ties.number_of_nodes + ties.indices)
    weights = likely["probability"].to_numpy()[there]
    return Graph.from_arrays(ties.ids, source[there], target[there], weights, labels=ties.labels, as_of=ties.as_of)


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
