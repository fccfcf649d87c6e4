"""Policies by name, and weights estimated from a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from influence_graph.analyses.fusion.touchpoint_weights import fit_touchpoint_weights
from influence_graph.errors import InputError, NotFound
from influence_graph.files import replacing
from influence_graph.model.parameters import FitParameters
from influence_graph.model.policy.file import dump_policy, load_policy
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.results import SCORE
from influence_graph.model.runs import Run
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.base import InteractionFilter, Reader
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    from influence_graph.analyses.fusion.touchpoint_weights import TouchpointFit

DEFAULT = "default"


def policy_records(view: Reader, names: Sequence[str], table: TouchpointTable | None = None) -> list[Mapping[str, Any]]:
    """Return the parameters (see :meth:`FusionPolicy.to_dict`) of the policies that *names* stand for.

    Args:
        view: Where runs are looked up, all at once, and only where a name is not of a file.
        names: Each ``default``, a TOML file, or the id of a score run.
        table: The touchpoint table of ``default`` and of files, None: that of the store where a run, which has its own,
            is among the names; without one it makes no difference.

    Raises:
        InputError: a file holds no policy, or a run is no score run.
        NotFound: a name is neither a file nor a run.
    """
    of_runs = [name for name in names if not _is_file(name)]
    if table is None:
        table = view.touchpoints() if of_runs else TouchpointTable.load()
    runs = {run.id: run for run in view.runs()} if of_runs else {}
    return [_record_of_run(name, runs, view.url) if name in of_runs else _record_of_file(name, table) for name in names]


def _is_file(name: str) -> bool:
    return name == DEFAULT or Path(name).suffix.lower() == ".toml" or Path(name).is_file()


def _record_of_file(name: str, table: TouchpointTable) -> Mapping[str, Any]:
    policy = FusionPolicy(table=table) if name == DEFAULT else load_policy(Path(name), table)
    return policy.to_dict()


def _record_of_run(name: str, runs: Mapping[str, Run], url: str) -> Mapping[str, Any]:
    if name not in runs:
        scored = [run.id for run in runs.values() if run.kind == SCORE.kind]
        remedy = did_you_mean(
            name, [DEFAULT, *scored], "name a TOML file, `default`, or a run of `influence-graph runs`"
        )
        raise NotFound(f"{name!r} is neither a file nor a run of the store {url}", remedy=remedy)
    run = runs[name]
    record = run.parameters.get("policy")
    if not isinstance(record, Mapping):
        remedy = "name a score run, see `influence-graph runs`"
        raise InputError(f"the run {name} is a {run.kind} run and has no policy", remedy=remedy)
    return record


def fit_weights(view: Reader, parameters: FitParameters, policy: FusionPolicy) -> TouchpointFit:
    """Return the weights that the interactions of *view* give the touchpoints."""
    return fit_touchpoint_weights(
        view.interactions(InteractionFilter(as_of=parameters.as_of)),
        parameters.outcome,
        parameters.window,
        parameters.as_of,
        parameters.exposure,
        policy,
    )


def fitted_policy(policy: FusionPolicy, fit: TouchpointFit) -> FusionPolicy:
    """Return *policy* with the weights that *fit* suggests for its outcome.

    Raises:
        InputError: the data cannot tell, or no weight is clearly above 0.
    """
    weights = {**policy.weights, fit.outcome: fit.suggestion(policy.weights[fit.outcome])}
    return replace(policy, weights=weights, version=f"{policy.version}, {fit.outcome} fitted")


def write_policy(policy: FusionPolicy, path: Path) -> None:
    """Write *policy* to *path*; the file appears whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(dump_policy(policy), encoding="utf-8")
