"""Probabilities of influence learned from a store's interactions, or from a log of actions beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.analyses.learning.evaluate import evaluate_learning
from influence_graph.analyses.learning.learn import learn as run
from influence_graph.analyses.learning.log import actions_of
from influence_graph.app.inputs import read_columns
from influence_graph.app.jobs.channels import influence_ties
from influence_graph.app.jobs.estimate import Estimate, graph_bytes
from influence_graph.app.jobs.job import iso, new_run
from influence_graph.errors import InputError
from influence_graph.model.results import kind_of
from influence_graph.stores.base import InteractionFilter, Store

if TYPE_CHECKING:
    from influence_graph.analyses.learning.learn import Learned
    from influence_graph.model.graph import Graph

_NS_PER_STEP = 30.0  # an in-neighbour of an actor looked at: within a factor of 1.4 on logs of 10^4 to 10^6 actions
_METHODS, _CASCADES_PER_ITEM = 14, 20  # of the held-out table: 100 simulated cascades for each fifth item
_NS_PER_CASCADE_EDGE, _RESAMPLING_SECONDS = 10.0, 2.0  # as if each cascade met every edge: often less is needed


@dataclass(frozen=True)
class LearnRequest:
    """What :func:`learn` is to learn from.

    Attributes:
        method: A method of ``ig.learn_probabilities``.
        item: ``"brand"`` or ``"brand+kind"``: what people take up from each other.
        window: Longest wait that counts as influence; None: any.
        prior: What rates are shrunk to: ``"global"``, ``"source"``, ``"target"``, ``"both"``, or None.
        actions: File with the columns user, item, time in place of the store's interactions.
        as_of: The time as of which ties and interactions hold.
    """

    method: str = "partial_credit"
    item: str = "brand"
    window: timedelta | None = None
    prior: str | None = None
    actions: Path | None = None
    as_of: datetime | None = None


def learn(
    store: Store, request: LearnRequest, *, write: bool = False, say: Callable[[str], None] | None = None
) -> Learned:
    """Learn the probability of each tie, in the direction of influence; with *write* keep those above 0.

    Args:
        store: Where the ties are.
        request: From what, and how.
        write: Keep the result: `reach` and `seeds` then use it.
        say: Told of a run that will be large, before it starts.

    Raises:
        InputError: there are no ties or no actions, or a parameter is out of its limits.
    """
    started = datetime.now(UTC)
    graph, actions = influence_ties(store, request.as_of), _actions(store, request)
    expected = _estimate(graph, actions)
    if say and expected.large:
        say(str(expected))
    found = run(graph, actions, request.method, window=request.window, prior=request.prior)
    if not found.log["actions"]:
        message = f"none of the {len(actions):,} actions is of one of the {graph.number_of_nodes:,} people with ties"
        raise InputError(message, remedy="check that the ids of users are those of the ties")
    if write:
        _write(store, started, request, found)
    return found


def evaluate(
    store: Store, request: LearnRequest, seed: int | None = None, say: Callable[[str], None] | None = None
) -> pd.DataFrame:
    """Return how well each method foresees the cascades it was not learned from; see ``ig.evaluate_learning``."""
    graph, actions = influence_ties(store, request.as_of), _actions(store, request)
    expected = _estimate(graph, actions, evaluated=True)
    if say and expected.large:
        say(str(expected))
    return evaluate_learning(graph, actions, window=request.window, seed=seed)


def estimate_learn(store: Store, request: LearnRequest, *, evaluated: bool = False) -> Estimate:
    """Return what :func:`learn` (or :func:`evaluate`) will take."""
    graph, actions = influence_ties(store, request.as_of), _actions(store, request)
    return _estimate(graph, actions, evaluated=evaluated)


def _actions(store: Store, request: LearnRequest) -> pd.DataFrame:
    """Return the log: columns user, item, time."""
    if request.actions is None:
        found = store.interactions(InteractionFilter(as_of=request.as_of))
        if not found.num_rows:
            message = f"the store {store.url} holds no interactions to learn from"
            raise InputError(message, remedy="ingest some, or give a log of user, item, time: --actions FILE")
        return actions_of(found, request.item)
    return _timed(read_columns(request.actions, ["user", "item"], ["time"]), request.actions)


def _timed(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return *frame* with ISO 8601 texts as times; numbers stay seconds."""
    if frame["time"].dtype.kind in "iufM":
        return frame
    times = pd.to_datetime(frame["time"], errors="coerce", utc=True, format="ISO8601")
    bad = times.isna().to_numpy().nonzero()[0]
    if bad.size:
        message = f"{path}: record {bad[0] + 1} has the time {frame['time'].iloc[bad[0]]!r}"
        raise InputError(message, remedy="write ISO 8601 times, or numbers of seconds")
    return frame.assign(time=times)


def _estimate(graph: Graph, actions: pd.DataFrame, *, evaluated: bool = False) -> Estimate:
    places = pd.Index(graph.ids).get_indexer(pd.Index(actions["user"]))
    into = np.bincount(graph.indices, minlength=graph.number_of_nodes)
    steps = int(into[places[places >= 0]].sum()) + len(actions)
    seconds = (steps * _NS_PER_STEP + graph.indices.size * 100) * 1e-9
    if evaluated:
        met = actions["item"].nunique() * _CASCADES_PER_ITEM * graph.indices.size
        seconds = _METHODS * (seconds + met * _NS_PER_CASCADE_EDGE * 1e-9) + _RESAMPLING_SECONDS
    memory = 3 * graph_bytes(graph) + 60 * graph.indices.size + 200 * len(actions)
    return Estimate(graph.number_of_nodes, graph.number_of_edges, seconds, memory)


def _write(store: Store, started: datetime, request: LearnRequest, found: Learned) -> None:
    schema = kind_of("learn").schema
    frame = found.to_frame()[schema.names]
    frame = frame[frame["probability"] > 0]
    table = pa.Table.from_pandas(frame, schema, preserve_index=False)  # no delay, NaN, becomes null
    recorded: dict[str, Any] = {
        **found.parameters,
        **{f"log_{name}": count for name, count in found.log.items()},
        "item": request.item if request.actions is None else None,
        "actions": None if request.actions is None else request.actions.name,
        "as_of": iso(request.as_of),
    }
    store.write(new_run("learn", started, found.graph_digest, recorded), table)
