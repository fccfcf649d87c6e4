"""The reach of each node as the only seed: all nodes at once, from the same reverse-reachable sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses.checks import is_whole, require, require_nodes, same_nodes, seed_of, threads_of
from influence_graph.analyses.diffusion.process import require_model
from influence_graph.analyses.frames import best_of, named, ranked
from influence_graph.analyses.result import Displayed
from influence_graph.kernels.maximize import rr_repair
from influence_graph.kernels.maximize import rr_sets as kernel
from influence_graph.model.parameters import RankParameters

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from influence_graph.model.graph import Graph

_CHUNK = 1 << 15  # sets held at a time
_MOST_KEPT = 1 << 27  # members of the sets that are kept: half a gigabyte


@dataclass(frozen=True, eq=False)
class ReachSets:
    """The sets behind the reach of all nodes, with all that they are a function of.

    Attributes:
        graph: Graph they were drawn on.
        model: ``"ic"``, ``"lt"`` or ``"ic-n"``.
        quality: With ``"ic-n"``, else None.
        seed: Seed of all streams.
        sets: The sets.
        redrawn: Sets that the last change of the graph made to be drawn again; all of them where none were kept.
    """

    graph: Graph
    model: str
    quality: float | None
    seed: int
    sets: kernel.RRSets
    redrawn: int


@dataclass(frozen=True, eq=False, repr=False)
class ReachOfAll(Displayed):
    """The estimated reach of each node as the only seed.

    Attributes:
        reach: float64 per node: mean number of nodes reached (positive ones, for ``"ic-n"``), itself included.
        std_error: Standard error of each; 0 where it is in no set of another node.
        ids: Id of each node.
        labels: Label of each node, or None.
        rr_sets: Reverse-reachable sets drawn.
        parameters: The parameters, as JSON values; ``seed`` repeats the run.
        digest: Digest of the graph.
        kept: The sets, where they were to be kept and are not too large; else None.
    """

    reach: NDArray[np.float64]
    std_error: NDArray[np.float64]
    ids: NDArray[np.object_]
    labels: NDArray[np.object_] | None
    rr_sets: int
    parameters: Mapping[str, Any]
    digest: str
    kept: ReachSets | None = None

    def to_frame(self) -> pd.DataFrame:
        """Return the columns id, label (where there are labels), score, std_error and rank, largest reach first.

        Equal scores are ordered by id; ranks are 1 to n.
        """
        return ranked({**named(self.ids, self.labels), "score": self.reach, "std_error": self.std_error})

    def _figures(self) -> Mapping[str, object]:
        farthest = {"first": best_of(self.ids, self.reach), "reach": float(self.reach.max())}
        return {"nodes": self.reach.size, **farthest, "rr_sets": self.rr_sets}


def reach_of_all(  # noqa: PLR0913 - the contract of the library; the rest by name
    graph: Graph,
    model: str = RankParameters.model,
    quality: float | None = RankParameters.quality,
    rr_sets: int = RankParameters.rr_sets,
    seed: int | np.random.Generator | None = RankParameters.seed,
    *,
    threads: int | None = None,
    keep: bool = False,
    kept: ReachSets | None = None,
) -> ReachOfAll:
    """Return how many nodes each node alone would reach on average, with standard errors.

    A reverse-reachable set holds v with probability σ({v})/n (Borgs, Brautbar, Chayes, Lucier 2014,
    https://doi.org/10.1137/1.9781611973402.70). Each node reaches itself, so only the sets in which it is not
    the root are counted: σ({v}) = 1 + n·P(v in the set of another), with quality in place of 1 for ``"ic-n"``.

    Args:
        graph: Edge weight = probability that the source, once active, passes on to the target; a graph that sums
            parallel edges is refused.
        model: ``"ic"``, ``"lt"`` or ``"ic-n"``; see :func:`~influence_graph.analyses.diffusion.spread.spread`.
        quality: In (0, 1], for ``"ic-n"`` only.
        rr_sets: Sets to draw, 2 or more; a reach of σ has a standard error of about √(n·(σ - 1)/sets).
        seed: Seed or generator; the result is a function of it, whatever the number of threads.
        threads: Threads to use, default one per processor.
        keep: Hold the sets in the result, up to half a gigabyte, for *kept* of a later call.
        kept: ``ReachOfAll.kept`` of an earlier call: where model, quality, seed, number of sets and nodes are the same,
            only the sets that a changed edge can affect are drawn again. The answer is the same without it.

    Raises:
        InputError: The graph is empty, a weight is no probability, or an argument is out of its limits.

    Example:
        >>> from influence_graph.model.graph import Graph
        >>> reach_of_all(Graph.from_edges(["june", "annie"], ["annie", "sam"]), seed=1).to_frame()["id"].tolist()
        ['june', 'annie', 'sam']
    """
    require_nodes(graph, "reach")
    require_model(graph, model, quality)
    within = is_whole(rr_sets) and 2 <= rr_sets < 2**63
    require(within, "rr_sets", rr_sets, "a whole number of 2 or more", "use 100_000")
    rr_sets, start = int(rr_sets), seed_of(seed)
    settings = model, quality, start, rr_sets
    workers = threads_of(threads)
    sets: ReachSets | None = None
    if kept is not None and _fits(kept, graph, settings):
        sets = _repaired(kept, graph, workers)
    elif keep:
        sets = _drawn(graph, settings, workers)
    counts = _counts(graph, settings, workers) if sets is None else _tally(sets.sets, graph.number_of_nodes)
    nodes, itself = graph.number_of_nodes, 1.0 if quality is None else quality
    share = counts / rr_sets
    error = nodes * np.sqrt(share * (1 - share) / (rr_sets - 1))
    parameters = {"model": model, "quality": quality, "rr_sets": rr_sets, "seed": start}
    reach = itself + nodes * share
    return ReachOfAll(reach, error, graph.ids, graph.labels, rr_sets, parameters, graph.digest, sets if keep else None)


_Settings = tuple[str, float | None, int, int]  # model, quality, seed, number of sets


def _counts(graph: Graph, settings: _Settings, threads: int) -> NDArray[np.float64]:
    """Return in how many sets each node is, not as the root."""
    sampler, seed, rr_sets = _sampler(graph, *settings[:2]), *settings[2:]
    counts = np.zeros(graph.number_of_nodes)
    for first in range(0, rr_sets, _CHUNK):
        sets = kernel.draw(sampler, seed, np.arange(first, min(first + _CHUNK, rr_sets)), threads)
        counts += _tally(sets, counts.size)
    return counts


def _reverse(graph: Graph) -> kernel.Reverse:
    return kernel.reverse_of(graph.indptr, graph.indices, graph.edge_weights())


def _sampler(graph: Graph, model: str, quality: float | None) -> kernel.Sampler:
    return kernel.sampler_of(_reverse(graph), model, 1.0 if quality is None else quality, None)


def _tally(sets: kernel.RRSets, nodes: int) -> NDArray[np.float64]:
    """Return in how many of *sets* each node is, not as the root."""
    roots = sets.members[sets.offsets[:-1][np.diff(sets.offsets) > 0]]
    counts = np.bincount(sets.members, minlength=nodes) - np.bincount(roots, minlength=nodes)
    return counts.astype(np.float64)


def _drawn(graph: Graph, settings: _Settings, threads: int) -> ReachSets | None:
    """Return all sets, None where they are too many to be kept."""
    model, quality, seed, rr_sets = settings
    sampler = _sampler(graph, model, quality)
    sets, members = [], 0
    for first in range(0, rr_sets, _CHUNK):
        sets.append(kernel.draw(sampler, seed, np.arange(first, min(first + _CHUNK, rr_sets)), threads))
        members += sets[-1].members.size
        if members > _MOST_KEPT:
            return None
    return ReachSets(graph, model, quality, seed, kernel.concatenated(*sets), rr_sets)


def _fits(kept: ReachSets, graph: Graph, settings: _Settings) -> bool:
    """Return whether *kept* are the sets of *settings*, on a graph of the same nodes as *graph*."""
    of = kept.model, kept.quality, kept.seed, kept.sets.count
    return of == settings and same_nodes(kept.graph, graph)


def _repaired(kept: ReachSets, graph: Graph, threads: int) -> ReachSets:
    """Return the sets as drawn on *graph*; see :mod:`influence_graph.kernels.maximize.rr_repair`."""
    if kept.graph.digest == graph.digest:
        return replace(kept, graph=graph, redrawn=0)
    moved = rr_repair.changes(_reverse(kept.graph), _reverse(graph), kept.model)
    sampler = _sampler(graph, kept.model, kept.quality)
    sets, redrawn = rr_repair.redrawn(kept.sets, sampler, kept.seed, moved, threads)
    return replace(kept, graph=graph, sets=sets, redrawn=redrawn)
