"""What a calculation leaves in the cache folder for the next one: PageRank to start from, sets to repair.

The running sums of scores are kept by :mod:`influence_graph.app.jobs.kept_scores`, the log that is learned from by
:mod:`influence_graph.app.recompute.kept_log`. What is kept is used only where it
is whole, of this version and of the same parameters; it saves time and never changes what is accepted. Sets of more
than :data:`MOST_BYTES` are not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from influence_graph.analyses.checks import same_nodes
from influence_graph.analyses.diffusion.reach_of_all import ReachOfAll, ReachSets
from influence_graph.analyses.maximize.certificate import Kept
from influence_graph.analyses.maximize.limits import weights_of
from influence_graph.analyses.maximize.repair import KeptSets
from influence_graph.analyses.ranking.result import RankResult
from influence_graph.app.jobs import kept_files, kept_scores
from influence_graph.app.jobs.job import Inputs
from influence_graph.app.jobs.ranking import Ranking, RankInputs
from influence_graph.app.jobs.scores import ScoreInputs
from influence_graph.app.jobs.seeds import Chosen, SeedsInputs
from influence_graph.app.recompute import kept_log
from influence_graph.app.recompute.kept_log import LogInputs
from influence_graph.app.recompute.packing import DoesNotFitError, arrays_of, graph_of, packed, require_rows, unpacked
from influence_graph.kernels.maximize.rr_sets import RRSets
from influence_graph.model.results import LEARN, RANK, SCORE, SEEDS
from influence_graph.version import __version__

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_BYTES = 1 << 29
_MAGIC = b"influence-graph kept state\n"
_FORMAT = 2
_REACH = "reach"
_PARTS = "offsets", "members", "margins"
FILES: Mapping[str, str] = {
    SCORE.kind: kept_scores.FILE_NAME,
    RANK.kind: "pagerank.arrow",
    LEARN.kind: kept_log.FILE_NAME,
    _REACH: "reach-sets.arrow",
    SEEDS.kind: "seed-sets.arrow",
}
"""The file of each kind of result of which something is kept, in the cache folder of a snapshot."""


def forget(cache: Path, kind: str) -> None:
    """Remove what is kept of *kind* in the folder *cache*, so that it is calculated in full."""
    if kind in FILES:
        (cache / FILES[kind]).unlink(missing_ok=True)


def attached(cache: Path, kind: str, inputs: Inputs, parameters: Any) -> Inputs:  # noqa: ANN401
    """Return *inputs* with what is kept of *kind* in the folder *cache*, where it fits them and *parameters*."""
    if kind not in _STATES:
        return inputs
    found = kept_files.read(cache / FILES[kind], _MAGIC)
    state = None
    if found is not None and isinstance(found[0], dict) and _matches(found[0]):
        try:
            state = _STATES[kind].read(found[0], unpacked(found[1]))
        except (DoesNotFitError, KeyError, TypeError, ValueError):
            state = None
    return _STATES[kind].attach(inputs, parameters, state)


def save(cache: Path, kind: str, outcome: Any) -> None:  # noqa: ANN401 - of any job
    """Keep of *outcome* what the next calculation of *kind* can use; a full disk is no error."""
    state = _STATES[kind].of(outcome) if kind in _STATES else None
    if state is not None:
        header, arrays = state
        table = packed(arrays)
        if table.nbytes <= MOST_BYTES:
            kept_files.write(cache / FILES[kind], _MAGIC, {**header, "format": _FORMAT, "version": __version__}, table)


def is_incremental(kind: str, inputs: Any, outcome: Any) -> bool:  # noqa: ANN401 - of any job
    """Return whether something kept spared *outcome* a part of the calculation from *inputs*."""
    if kind == SCORE.kind:
        return isinstance(inputs, ScoreInputs) and inputs.latest is not None and inputs.latest.sums is not None
    if kind == LEARN.kind:
        return isinstance(inputs, LogInputs) and inputs.from_kept
    return kind in _STATES and _STATES[kind].spared(inputs, outcome)


_Arrays = Mapping[str, "NDArray[Any]"]


@dataclass(frozen=True)
class _State:
    """How something is kept: taken ``of`` an outcome, ``read`` back, and ``attach``-ed to inputs where it fits."""

    of: Callable[[Any], tuple[dict[str, Any], dict[str, Any]] | None]
    read: Callable[[Mapping[str, Any], _Arrays], Any]
    attach: Callable[[Any, Any, Any], Inputs]
    spared: Callable[[Any, Any], bool]


def _matches(header: Mapping[str, Any]) -> bool:
    return header.get("format") == _FORMAT and header.get("version") == __version__


def _rank_of(outcome: Ranking) -> tuple[dict[str, Any], dict[str, Any]] | None:
    result = outcome.result
    if not isinstance(result, RankResult) or result.graph is None:
        return None
    header = {"parameters": dict(result.parameters), "iterations": result.iterations, "residual": result.residual}
    return header, {**arrays_of(result.graph), "scores": result.scores}


def _read_rank(header: Mapping[str, Any], arrays: _Arrays) -> RankResult:
    graph, scores, residual = graph_of(arrays), arrays["scores"], float(header["residual"])
    if scores.size != graph.number_of_nodes or not np.isfinite(scores).all() or (scores < 0).any():
        raise DoesNotFitError("scores")
    parameters = header["parameters"]
    error = residual / (1.0 - parameters["damping_factor"])
    facts = int(header["iterations"]), residual, error, True, parameters
    return RankResult(scores, graph.ids, graph.labels, *facts, graph)


def _attach_rank(inputs: RankInputs, parameters: Any, state: RankResult | None) -> Inputs:  # noqa: ANN401
    del parameters
    return inputs if state is None else replace(inputs, kept={"start": state})


def _reach_of(outcome: Ranking) -> tuple[dict[str, Any], dict[str, Any]] | None:
    sets = outcome.result.kept if isinstance(outcome.result, ReachOfAll) else None
    if sets is None:
        return None
    header = {name: getattr(sets, name) for name in ("model", "quality", "seed")}
    return header, {**arrays_of(sets.graph), **_halves(sets=sets.sets)}


def _read_reach(header: Mapping[str, Any], arrays: _Arrays) -> ReachSets:
    graph = graph_of(arrays)
    sets = _half(arrays, "sets", graph.number_of_nodes)
    return ReachSets(graph, header["model"], header["quality"], header["seed"], sets, 0)


def _attach_reach(inputs: RankInputs, parameters: Any, state: ReachSets | None) -> Inputs:  # noqa: ANN401
    del parameters
    return replace(inputs, kept={"keep": True, "kept": state})


def _seeds_of(outcome: Chosen) -> tuple[dict[str, Any], dict[str, Any]] | None:
    kept = outcome.result.kept
    header = {"model": kept.model, "quality": kept.quality, "seed": kept.seed, "seeds": list(kept.sets.seeds)}
    won = [list(node) if isinstance(node, tuple) else node for node in kept.won]
    arrays = {**arrays_of(kept.graph), **_halves(choose=kept.sets.choose, judge=kept.sets.judge)}
    return {**header, "won": won}, {**arrays, "stop": kept.sets.stop, "target": kept.target}


def _read_seeds(header: Mapping[str, Any], arrays: _Arrays) -> KeptSets:
    graph = graph_of(arrays)
    nodes, stop, target = graph.number_of_nodes, arrays.get("stop"), arrays.get("target")
    if any(array is not None and array.size != nodes for array in (stop, target)):
        raise DoesNotFitError("stop")
    halves = _half(arrays, "choose", nodes), _half(arrays, "judge", nodes)
    sets = Kept(*halves, (header["seeds"][0], header["seeds"][1]), stop)
    won = tuple(tuple(node) if isinstance(node, list) else node for node in header["won"])
    return KeptSets(graph, header["model"], header["quality"], target, won, header["seed"], sets)


def _attach_seeds(inputs: SeedsInputs, parameters: Any, state: KeptSets | None) -> Inputs:  # noqa: ANN401
    if state is None or not same_nodes(state.graph, inputs.graph):
        return inputs
    target = None if inputs.target is None else weights_of(inputs.graph, inputs.target)
    of = state.model, state.quality, state.seed
    fits = of == (parameters.model, parameters.quality, parameters.seed) and _same(target, state.target)
    return replace(inputs, kept=state) if fits else inputs


def _same(one: NDArray[np.float64] | None, other: NDArray[np.float64] | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.array_equal(one, other))


def _halves(**halves: RRSets) -> dict[str, NDArray[Any]]:
    return {f"{name}_{part}": getattr(half, part) for name, half in halves.items() for part in _PARTS}


def _half(arrays: _Arrays, name: str, nodes: int) -> RRSets:
    offsets, members, margins = (arrays[f"{name}_{part}"] for part in _PARTS)
    require_rows(offsets, members, nodes)
    if margins.size != offsets.size - 1 or np.isnan(margins).any():
        raise DoesNotFitError("margins")
    return RRSets(offsets, members, margins=margins)


def _rank_spared(inputs: RankInputs, outcome: Ranking) -> bool:
    del outcome
    return "start" in inputs.kept


def _reach_spared(inputs: RankInputs, outcome: Ranking) -> bool:
    del inputs
    sets = outcome.result.kept if isinstance(outcome.result, ReachOfAll) else None
    return sets is not None and sets.redrawn < sets.sets.count


def _seeds_spared(inputs: SeedsInputs, outcome: Chosen) -> bool:
    return inputs.kept is not None and outcome.result.kept.redrawn < inputs.kept.count


_STATES: Mapping[str, _State] = {
    RANK.kind: _State(_rank_of, _read_rank, _attach_rank, _rank_spared),
    _REACH: _State(_reach_of, _read_reach, _attach_reach, _reach_spared),
    SEEDS.kind: _State(_seeds_of, _read_seeds, _attach_seeds, _seeds_spared),
}
