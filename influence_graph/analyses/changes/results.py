"""Two results of one kind compared: who came in, who left, who rose and who fell; and the links behind a PageRank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from influence_graph.analyses.changes.links import COLUMNS, link_changes
from influence_graph.analyses.changes.result_sentences import result_sentences
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.model.frames import Frame, as_frame
from influence_graph.model.names import CONSUMER, NO_NAMES, NodeNames
from influence_graph.model.parameters import RankParameters
from influence_graph.model.results import RANK, SCORE, ResultKind, Shape, kind_of

if TYPE_CHECKING:
    from influence_graph.model.graph import Graph

TOP = 10
"""How many that rose and how many that fell are explained."""
SAME = 1e-9
"""Values that differ by no more are the same: iterations end at such a distance from their limit."""
_KEYS = {Shape.NODES: ("label", "id"), Shape.EDGES: ("source", "target"), Shape.ROWS: ("id",)}
_KEYS |= {Shape.CAMPAIGNS: ("campaign",)}

_VALUES = {Shape.NODES: "score", Shape.EDGES: "probability", Shape.ROWS: "gain", Shape.CAMPAIGNS: "lift"}


@dataclass(frozen=True, eq=False, repr=False)
class ResultChanges(Displayed):
    """What changed from one result to another of the same kind.

    Attributes:
        kind: The kind, a name of ``model.results.RESULTS``.
        rows: One row per node, pair or seed whose value changed by more than 1e-9, the largest change first: its ids,
            before and after (NaN where it was not there), change (an absent value counts as 0), and where nodes are
            ranked rank_before, rank_after (missing where it was not there) and places (how far it rose, below 0: fell).
        links: Why a PageRank changed, see :func:`~influence_graph.analyses.changes.links.link_changes`, of those that
            rose and fell most; empty where that cannot be told.
        reason: What is known of why else, or why nothing is, in a sentence; "" where ``links`` tell.
        before: Number of rows of the former result.
        after: Number of rows of the latter.
        parameters: The kind and the damping factor, as JSON values.
        digest: Digests of both graphs, or "".
    """

    kind: str
    rows: pd.DataFrame
    links: pd.DataFrame
    reason: str
    before: int
    after: int
    parameters: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""

    def to_frame(self) -> pd.DataFrame:
        """Return ``rows``."""
        return self.rows

    def sentences(self, names: NodeNames = NO_NAMES, top: int = 3) -> list[str]:
        """Return who came, left, rose and fell, and why, as plain lines, with *names* beside ids."""
        return result_sentences(self, names, top)

    def _figures(self) -> Mapping[str, object]:
        there = [self.rows[name].notna() for name in ("before", "after")]
        figures = {"came in": int((~there[0]).sum()), "left": int((~there[1]).sum())}
        change = self.rows["change"][there[0] & there[1]]
        return {"kind": self.kind, **figures, "rose": int((change > 0).sum()), "fell": int((change < 0).sum())}


def result_changes(
    before: Frame,
    after: Frame,
    kind: ResultKind | str = RANK,
    graphs: tuple[Graph, Graph] | None = None,
    damping_factor: float = RankParameters.damping_factor,
    reason: str = "",
) -> ResultChanges:
    """Return what changed from the result *before* to the result *after*, two frames with the columns of *kind*.

    Args:
        before: The former result: id and score of a ranking, and label where there are any; source, target and
            probability; rank, id and gain of seeds; or campaign and lift.
        after: The latter.
        kind: Kind of both; for bonds see :func:`~influence_graph.analyses.changes.bonds.bond_changes`.
        graphs: The graphs of two PageRanks, which then are explained by their links.
        damping_factor: α of both.
        reason: What is known of why else.

    Raises:
        NotFound: There is no such kind.
        InputError: It is the kind of Fusion Scores, or a column is missing.

    Example:
        >>> import influence_graph as ig
        >>> graphs = ig.Graph.from_edges(["ann"], ["june"]), ig.Graph.from_edges(["ann", "bob"], ["june", "june"])
        >>> ranks = [ig.pagerank(graph).to_frame() for graph in graphs]
        >>> changed = result_changes(*ranks, graphs=graphs)
        >>> changed.links.loc[changed.links["what"] == "new link", ["from_id", "id"]].values.tolist()
        [['bob', 'june']]
    """
    kind = kind_of(kind)
    if kind is SCORE:
        raise InputError("Fusion Scores are compared event by event", remedy="use bond_changes")
    columns = _columns(kind)
    frames = [_keyed(each, kind, columns) for each in (before, after)]
    rows = _rows(kind, frames, columns[-1])
    links = pd.DataFrame(columns=list(COLUMNS))
    if graphs is not None and kind is RANK and len(rows):
        movers = pd.concat([rows[rows["change"] > 0].head(TOP), rows[rows["change"] < 0].head(TOP)])
        index = pd.MultiIndex.from_frame(movers[["label", "id"]])
        links = link_changes(graphs, (frames[0]["score"], frames[1]["score"]), index, damping_factor)
    digest = "" if graphs is None else "".join(graph.digest for graph in graphs)
    parameters = {"kind": kind.kind, "damping_factor": damping_factor}
    return ResultChanges(kind.kind, rows, links, reason, len(frames[0]), len(frames[1]), parameters, digest)


def _columns(kind: ResultKind) -> tuple[str, ...]:
    """Return the columns that are compared: those that name a row, then its value."""
    value = _VALUES[kind.shape]
    return (*_KEYS[kind.shape], value)


def _keyed(given: Frame, kind: ResultKind, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return the frame by its keys, with the rank of each row where rows are ranked."""
    frame = as_frame(
        given, f"the result {kind.kind}", [*columns, "rank"], columns[1:] if "label" in columns else columns
    )
    if "label" in columns and "label" not in frame:
        frame = frame.assign(label=CONSUMER)
    frame = frame[[name for name in (*columns, "rank") if name in frame]].astype({columns[-1]: np.float64})
    if kind.shape is Shape.CAMPAIGNS:
        frame = frame.dropna(subset=columns[-1])  # of those whose lift cannot be told nothing is known
    if kind.shape is Shape.NODES:
        ordered = frame.sort_values([columns[-1], "id"], ascending=[False, True])
        frame = ordered.assign(rank=np.arange(1, len(frame) + 1))
    keys = list(columns[:-1])
    index = pd.MultiIndex.from_frame(frame[keys].astype(str).astype(object))
    return frame.drop(columns=keys).set_index(index)


def _rows(kind: ResultKind, frames: list[pd.DataFrame], value: str) -> pd.DataFrame:
    both = pd.concat([frames[0].add_suffix("_before"), frames[1].add_suffix("_after")], axis=1)
    named = both.rename(columns={f"{value}_before": "before", f"{value}_after": "after"})
    change = named["after"].fillna(0) - named["before"].fillna(0)
    columns = {"before": named["before"], "after": named["after"], "change": change}
    moved = (change.abs() > SAME) | named["before"].isna() | named["after"].isna()
    if "rank_before" in named:
        ranks = {name: named[name].astype("Int64") for name in ("rank_before", "rank_after")}
        columns |= {**ranks, "places": ranks["rank_before"] - ranks["rank_after"]}
        moved |= kind.shape is Shape.ROWS and (columns["places"] != 0).fillna(False).astype(bool)
    keys = list(_KEYS[kind.shape])
    frame = pd.DataFrame(columns)[moved].rename_axis(keys).reset_index()
    ordered: pd.DataFrame = frame.assign(_size=-frame["change"].abs()).sort_values(["_size", *keys], ignore_index=True)
    return ordered.drop(columns="_size")
