"""Reverse-reachable sets kept after a run, and repaired when the graph has changed a little."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from influence_graph.analyses import checks
from influence_graph.analyses.diffusion.process import require_model
from influence_graph.analyses.result import Displayed
from influence_graph.errors import InputError
from influence_graph.kernels.maximize import rr_repair, rr_sets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from influence_graph.analyses.maximize.certificate import Kept
    from influence_graph.kernels.maximize.rr_sets import Reverse
    from influence_graph.model.graph import Graph


@dataclass(frozen=True, eq=False, repr=False)
class KeptSets(Displayed):
    """The sets behind a choice of seeds, with all that they are a function of.

    Attributes:
        graph: Graph they were drawn on.
        model: ``"ic"``, ``"lt"`` or ``"ic-n"``.
        quality: With ``"ic-n"``, else None.
        target: Weight of each node, or None.
        won: Ids of the seeds that were active already.
        seed: Seed of all streams.
        sets: The sets.
        redrawn: Sets that the last repair drew again; 0 where they were not repaired.
    """

    graph: Graph
    model: str
    quality: float | None
    target: NDArray[np.float64] | None
    won: tuple[str | tuple[str, str], ...]
    seed: int
    sets: Kept
    redrawn: int = 0

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters, as JSON values."""
        target = None if self.target is None else f"sum {self.target.sum():g}"
        won = [list(node) if isinstance(node, tuple) else str(node) for node in self.won]
        return {"model": self.model, "quality": self.quality, "target": target, "won": won, "seed": self.seed}

    @property
    def digest(self) -> str:
        """Digest of the graph."""
        return self.graph.digest

    @property
    def count(self) -> int:
        """Number of sets."""
        return self.sets.choose.count + self.sets.judge.count

    @property
    def nbytes(self) -> int:
        """Bytes of the sets."""
        return self.sets.choose.nbytes + self.sets.judge.nbytes

    def to_frame(self) -> pd.DataFrame:
        """Return a row for the sets that choose and one for those that judge: half, sets, members and bytes."""
        halves = {"choose": self.sets.choose, "judge": self.sets.judge}
        rows = [(name, half.count, half.members.size, half.nbytes) for name, half in halves.items()]
        return pd.DataFrame(rows, columns=["half", "sets", "members", "bytes"])

    def _figures(self) -> Mapping[str, object]:
        return {"model": self.model, "sets": self.count, "bytes": self.nbytes, "redrawn": self.redrawn}


def repair(kept: KeptSets, graph: Graph, threads: int | None = None) -> KeptSets:
    """Return the sets as drawn on the changed *graph*, drawing again only those that the change can affect.

    Each set has its own random stream and reads the in-edges of its members only, and its margin says how little these
    may change for none of its coins to fall otherwise. So a set without the target of an edge that changed by more
    stays as it is, and the result equals drawing all sets on *graph*, bit for bit.
    The sets are then distributed as fresh ones, and a certificate computed from them holds as from fresh
    ones, provided the change does not depend on the sets: edges that were changed *because of* the seeds
    found, such as ties that a campaign with these seeds brought about, need a run with another seed.

    Args:
        kept: ``Seeds.kept`` of a run.
        graph: The graph now, with the same nodes in the same order; edges may be new, gone or changed.
        threads: Threads to draw with, default one per processor.

    Raises:
        InputError: *graph* has other nodes, or weights that the model cannot use, or *threads* is below 1.
    """
    require_kept(kept)
    workers = checks.threads_of(threads)
    checks.require_nodes(graph, "pick seeds from")
    require_model(graph, kept.model, kept.quality)
    if graph.digest == kept.graph.digest:
        return replace(kept, graph=graph, redrawn=0)
    _require_same_nodes(kept.graph, graph)
    after = reverse_of(graph)
    moved = rr_repair.changes(reverse_of(kept.graph), after, kept.model)
    quality = 1.0 if kept.quality is None else kept.quality
    sampler = rr_sets.sampler_of(after, kept.model, quality, kept.target, kept.sets.stop)
    halves = [
        rr_repair.redrawn(half, sampler, seed, moved, workers)
        for half, seed in zip((kept.sets.choose, kept.sets.judge), kept.sets.seeds, strict=True)
    ]
    sets = kept.sets._replace(choose=halves[0][0], judge=halves[1][0])
    return replace(kept, graph=graph, sets=sets, redrawn=halves[0][1] + halves[1][1])


def require_kept(kept: object) -> None:
    """Refuse anything but the sets of a run."""
    if not isinstance(kept, KeptSets):
        message = f"kept is of type {type(kept).__name__}, must be the KeptSets of a run"
        raise InputError(message, remedy="pass `ig.maximize(…).kept`")


def reverse_of(graph: Graph) -> Reverse:
    """Return the in-edges of *graph* for sampling."""
    return rr_sets.reverse_of(graph.indptr, graph.indices, graph.edge_weights())


def _require_same_nodes(before: Graph, after: Graph) -> None:
    if not checks.same_nodes(before, after):
        counts = f"{before.number_of_nodes:,} nodes, the graph has {after.number_of_nodes:,} or others"
        raise InputError(f"the sets were drawn on {counts}", remedy="run `ig.maximize` without kept")
