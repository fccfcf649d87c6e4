"""What a run was asked for, read back from its record, so that it can be calculated again with the records of now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args, get_type_hints

from influence_graph.app.recompute.kinds import calculated, initial
from influence_graph.errors import InputError
from influence_graph.model.graph import GraphKind
from influence_graph.model.parameters import RecomputeParameters, ScoreParameters
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.runs import ASKED, Run
from influence_graph.model.touchpoints import TouchpointTable

_TIMES = ("as_of", "valid_at")  # a time that was asked for once is not kept: current is as of now
_BRAND = "brand:"


def parameters_of(kind: str, run: Run | None, settings: RecomputeParameters, table: TouchpointTable) -> Any:  # noqa: ANN401
    """Return the parameters by which *kind* is recalculated: those of its current *run*, else the initial ones.

    What is random has the seed of that run. The policy of scores has *table*, the touchpoint table of the store.

    Raises:
        InputError: the run was calculated from a file, or does not say what it was asked for.
    """
    of = calculated(kind).parameters
    chosen = initial(kind, settings) if run is None else _read_back(of, run)
    if not isinstance(chosen, ScoreParameters):
        return chosen
    record = None if run is None else run.parameters.get("policy")
    policy = FusionPolicy(table=table)
    if record is not None:
        policy = FusionPolicy.from_dict({**record, "table": table.digest}, table)
    return replace(chosen, policy=policy, keep=True, written=True)


def _read_back(of: type, run: Run) -> Any:  # noqa: ANN401
    """Return the parameters of the dataclass *of* that *run* was asked for."""
    given = run.parameters.get(ASKED)
    if not isinstance(given, Mapping):
        raise InputError(
            f"the run {run.id} does not say what it was asked for", remedy="write it again with `--write` once"
        )
    hints = get_type_hints(of)
    known = {each.name for each in fields(of)}
    values = {
        name: _value(name, value, hints[name]) for name, value in given.items() if name in known and name not in _TIMES
    }
    if "seed" in known and values.get("seed") is None:
        values["seed"] = run.parameters.get("seed")
    return of(**values)


def _value(name: str, value: Any, hint: Any) -> Any:  # noqa: ANN401
    """Return the JSON *value* of the field *name* as its type *hint* has it."""
    kinds = {hint, *get_args(hint)}
    if Path in kinds or (name == "target" and not str(value).startswith(_BRAND)):
        message = f"it was calculated from the file {value}, which the store does not hold"
        raise InputError(message, remedy="write it again with that file")
    if isinstance(value, list):
        return tuple(tuple(item) if isinstance(item, list) else item for item in value)
    if timedelta in kinds and value is not None:
        return timedelta(seconds=value)
    return GraphKind(value) if GraphKind in kinds and value is not None else value
