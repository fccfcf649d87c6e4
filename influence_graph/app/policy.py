"""Policies by name, and weights estimated from a store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from influence_graph.errors import InputError, NotFound
from influence_graph.model.names import did_you_mean
from influence_graph.model.policy import FusionPolicy
from influence_graph.model.policy_file import load_policy
from influence_graph.model.runs import RunKind
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.base import Store

DEFAULT = "default"


def policy_record(store: Store, name: str, table: TouchpointTable) -> Mapping[str, Any]:
    """Return the parameters (see :meth:`FusionPolicy.to_dict`) of the policy that *name* stands for.

    Args:
        store: Where runs are looked up.
        name: ``default``, a TOML file, or the id of a score run.
        table: The touchpoint table of ``default`` and of files; a run has its own.

    Raises:
        InputError: the file holds no policy, or the run is no score run.
        NotFound: *name* is neither a file nor a run.
    """
    if name == DEFAULT:
        return FusionPolicy(table=table).to_dict()
    path = Path(name)
    if path.suffix.lower() == ".toml" or path.is_file():
        return load_policy(path, table).to_dict()
    runs = {run.id: run for run in store.runs()}
    if name not in runs:
        scored = [run.id for run in runs.values() if run.kind is RunKind.SCORE]
        remedy = did_you_mean(
            name, [DEFAULT, *scored], "name a TOML file, `default`, or a run of `influence-graph runs`"
        )
        raise NotFound(f"{name!r} is neither a file nor a run of the store {store.url}", remedy=remedy)
    run = runs[name]
    record = run.parameters.get("policy")
    if not isinstance(record, Mapping):
        remedy = "name a score run, see `influence-graph runs`"
        raise InputError(f"the run {name} is a {run.kind.value} run and has no policy", remedy=remedy)
    return record
