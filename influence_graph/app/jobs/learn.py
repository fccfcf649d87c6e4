"""Probabilities of influence, learned from a store's interactions or from a log of actions beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from influence_graph.analyses.learning.evaluate import evaluate_learning
from influence_graph.analyses.learning.learn import Learned, learn
from influence_graph.analyses.learning.log import actions_of
from influence_graph.app.jobs.channels import influence_ties
from influence_graph.app.jobs.estimate import ResourceEstimate, graph_bytes
from influence_graph.app.jobs.job import Inputs, Job, Progress, Record
from influence_graph.errors import InputError
from influence_graph.ingest.side_tables import read_actions
from influence_graph.model.graph import Graph
from influence_graph.model.parameters import LearnParameters, recorded
from influence_graph.model.results import LEARN, ResultKind
from influence_graph.stores.base import InteractionFilter, Reader, Snapshot

_NS_PER_STEP = 30.0  # an in-neighbor of an actor looked at: within a factor of 1.4 on logs of 10^4 to 10^6 actions
_METHODS, _CASCADES_PER_ITEM = 14, 20  # of the held-out table: 100 simulated cascades for each fifth item
_NS_PER_CASCADE_EDGE, _RESAMPLING_SECONDS = 10.0, 2.0  # as if each cascade met every edge: often less is needed


@dataclass(frozen=True, eq=False)
class LearnInputs(Inputs):
    """What probabilities are learned from: edges in the direction of influence, and columns user, item, time."""

    graph: Graph
    actions: pd.DataFrame


class LearnJob(Job[LearnParameters, LearnInputs, Learned]):
    """Learn the probability of each tie, in the direction of influence."""

    def kind(self, parameters: LearnParameters) -> ResultKind:
        """Return the row of learned probabilities."""
        del parameters
        return LEARN

    def read(self, view: Snapshot, parameters: LearnParameters) -> LearnInputs:
        """Read the ties, and the log."""
        return LearnInputs(influence_ties(view, parameters.as_of), _actions(view, parameters))

    def estimate(self, inputs: LearnInputs, parameters: LearnParameters) -> ResourceEstimate:
        """Return the estimate, from the number of in-neighbors of those who acted."""
        del parameters
        return _estimate(inputs, 0.0)

    def calculate(self, inputs: LearnInputs, parameters: LearnParameters, progress: Progress | None = None) -> Learned:
        """Learn.

        Raises:
            InputError: none of the actions is of one of the people with ties.
        """
        del progress
        options = parameters.method
        learned = learn(inputs.graph, inputs.actions, options, window=parameters.window, prior=parameters.prior)
        if not learned.log["actions"]:
            count = f"{len(inputs.actions):,} actions is of one of the {inputs.graph.number_of_nodes:,} people"
            remedy = "check that the ids of users are those of the ties"
            raise InputError(f"none of the {count} with ties", remedy=remedy)
        return learned

    def record(self, inputs: LearnInputs, parameters: LearnParameters, outcome: Learned) -> Record:
        """Return the probabilities above 0."""
        del inputs
        frame = outcome.to_frame()[LEARN.schema.names]
        table = pa.Table.from_pandas(frame[frame["probability"] > 0], LEARN.schema, preserve_index=False)
        own = {name: recorded(parameters)[name] for name in ("item", "actions", "as_of")}
        if parameters.actions is not None:
            own["item"] = None  # the file has items of its own
        counts = {f"log_{name}": count for name, count in outcome.log.items()}
        return Record(outcome.digest, {**outcome.parameters, **counts, **own}, table)


def evaluate(inputs: LearnInputs, parameters: LearnParameters, seed: int | None = None) -> pd.DataFrame:
    """Return how well each method predicts the cascades it was not learned from; see ``ig.evaluate_learning``."""
    return evaluate_learning(inputs.graph, inputs.actions, window=parameters.window, seed=seed)


def estimate_evaluation(inputs: LearnInputs) -> ResourceEstimate:
    """Return what :func:`evaluate` will take."""
    simulated = inputs.actions["item"].nunique() * _CASCADES_PER_ITEM * inputs.graph.indices.size
    return _estimate(inputs, simulated)


def _actions(view: Reader, parameters: LearnParameters) -> pd.DataFrame:
    """Return the log: columns user, item, time."""
    if parameters.actions is not None:
        return read_actions(parameters.actions)
    interactions = view.interactions(InteractionFilter(as_of=parameters.as_of))
    if not interactions.num_rows:
        message = f"the store {view.url} holds no interactions to learn from"
        raise InputError(message, remedy="ingest some, or give a log of user, item, time: --actions FILE")
    return actions_of(interactions, parameters.item, view.touchpoints())


def _estimate(inputs: LearnInputs, simulated: float) -> ResourceEstimate:
    """Return the estimate of learning once, or of the evaluation that also meets so many *simulated* edges."""
    graph, actions = inputs.graph, inputs.actions
    places = pd.Index(graph.ids).get_indexer(pd.Index(actions["user"]))
    into = np.bincount(graph.indices, minlength=graph.number_of_nodes)
    steps = int(into[places[places >= 0]].sum()) + len(actions)
    seconds = (steps * _NS_PER_STEP + graph.indices.size * 100) * 1e-9
    if simulated:
        seconds = _METHODS * (seconds + simulated * _NS_PER_CASCADE_EDGE * 1e-9) + _RESAMPLING_SECONDS
    memory = 3 * graph_bytes(graph) + 60 * graph.indices.size + 200 * len(actions)
    return ResourceEstimate(graph.number_of_nodes, graph.number_of_edges, seconds, memory)
