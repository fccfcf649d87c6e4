"""Probabilities of influence, learned from a store's interactions or from a log of actions beside it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from influence_graph.analyses.interactions.items import left_out
from influence_graph.analyses.learning.evaluate import HeldOut, evaluate_learning
from influence_graph.analyses.learning.learn import Learned, learn
from influence_graph.analyses.learning.log import ActionLog, actions_of
from influence_graph.app.jobs.channels import influence_ties
from influence_graph.app.jobs.estimate import ResourceEstimate, graph_bytes
from influence_graph.app.jobs.job import Inputs, Job, Progress, Record
from influence_graph.errors import InputError
from influence_graph.ingest.side_tables import read_actions
from influence_graph.model.graph import Graph
from influence_graph.model.parameters import LearnParameters, recorded
from influence_graph.model.results import LEARN, ResultKind
from influence_graph.stores.base import InteractionFilter, Reader, Snapshot

# An in-neighbor of an actor looked at, an action put in order, an edge with its interval.
_NS_PER_STEP, _NS_PER_ACTION, _NS_PER_EDGE = 30.0, 1500.0, 2000.0
_PILOT_SECONDS, _PILOT_ITEMS = 0.5, 5  # of the held-out table, tried on so many items or more
_PILOT_METHOD = "bernoulli"
_CANDIDATES, _PILOT_CANDIDATES = 14, 3  # two baselines, and each method with each prior or only one with none


@dataclass(frozen=True, eq=False)
class LearnInputs(Inputs):
    """What probabilities are learned from: edges in the direction of influence, and columns user, item, time.

    ``log``: the same actions as arrays, in place of the columns.
    """

    graph: Graph
    actions: pd.DataFrame
    log: ActionLog | None = None


class LearnJob(Job[LearnParameters, LearnInputs, Learned]):
    """Learn the probability of each tie, in the direction of influence."""

    def kind(self, parameters: LearnParameters) -> ResultKind:
        """Return the row of learned probabilities."""
        del parameters
        return LEARN

    def read(self, view: Snapshot, parameters: LearnParameters) -> LearnInputs:
        """Read the ties, and the log."""
        ties, actions = influence_ties(view, parameters.as_of), _actions(view, parameters)
        return LearnInputs(ties, actions, notes=notes_of(actions))

    def estimate(self, inputs: LearnInputs, parameters: LearnParameters) -> ResourceEstimate:
        """Return the estimate, from the number of in-neighbors of those who acted."""
        del parameters
        graph, actions = inputs.graph, inputs.actions
        places = pd.Index(graph.ids).get_indexer(pd.Index(actions["user"]))
        into = np.bincount(graph.indices, minlength=graph.number_of_nodes)
        steps = int(into[places[places >= 0]].sum())
        nanoseconds = steps * _NS_PER_STEP + len(actions) * _NS_PER_ACTION + graph.indices.size * _NS_PER_EDGE
        return _estimate(inputs, nanoseconds * 1e-9)

    def calculate(self, inputs: LearnInputs, parameters: LearnParameters, progress: Progress | None = None) -> Learned:
        """Learn.

        Raises:
            InputError: none of the actions is of one of the people with ties.
        """
        del progress
        actions = inputs.actions if inputs.log is None else inputs.log
        learned = learn(inputs.graph, actions, parameters.method, window=parameters.window, prior=parameters.prior)
        if not learned.log["actions"]:
            count = f"{len(inputs.actions):,} actions is of one of the {inputs.graph.number_of_nodes:,} people"
            remedy = "check that the ids of users are those of the ties"
            raise InputError(f"none of the {count} with ties", remedy=remedy)
        return learned

    def record(self, inputs: LearnInputs, parameters: LearnParameters, outcome: Learned) -> Record:
        """Return the probabilities above 0."""
        del inputs
        table = outcome.likely().select(LEARN.schema.names).cast(LEARN.schema)
        own = {name: recorded(parameters)[name] for name in ("item", "actions", "as_of")}
        if parameters.actions is not None:
            own["item"] = None  # the file has items of its own
        counts = {f"log_{name}": count for name, count in outcome.log.items()}
        return Record(outcome.digest, {**outcome.parameters, **counts, **own}, table)


def evaluate(inputs: LearnInputs, parameters: LearnParameters, seed: int | None = None) -> pd.DataFrame:
    """Return how well each method predicts the cascades it was not learned from; see ``ig.evaluate_learning``."""
    return evaluate_learning(inputs.graph, inputs.actions, window=parameters.window, seed=seed)


def estimate_evaluation(inputs: LearnInputs, parameters: LearnParameters) -> ResourceEstimate:
    """Return what :func:`evaluate` will take, from one method tried on more and more items until it took a while.

    Raises:
        InputError: the evaluation would raise it.
    """
    codes, items = pd.factorize(inputs.actions["item"])
    order = np.random.default_rng(0).permutation(len(items))
    size = _PILOT_ITEMS
    while True:
        tried = inputs.actions[np.isin(codes, order[:size])]
        seconds = _pilot(replace(inputs, actions=tried), parameters, size >= len(items))
        if seconds >= _PILOT_SECONDS or size >= len(items):
            break
        size *= 2
    more = len(inputs.actions) / len(tried) * _CANDIDATES / _PILOT_CANDIDATES
    return _estimate(inputs, seconds * more)


def _pilot(inputs: LearnInputs, parameters: LearnParameters, whole: bool) -> float:
    """Return the seconds that one method takes, compiled before; 0 where only the *whole* log can tell anything."""
    seconds = 0.0
    for _ in range(2):
        start = time.perf_counter()
        try:
            evaluate_learning(
                inputs.graph,
                inputs.actions,
                [_PILOT_METHOD],
                window=parameters.window,
                seed=0,
                options=HeldOut(priors=(None,)),
            )
        except InputError:
            if whole:
                raise
            return 0.0
        seconds = time.perf_counter() - start
    return seconds


def _actions(view: Reader, parameters: LearnParameters) -> pd.DataFrame:
    """Return the log: columns user, item, time."""
    if parameters.actions is not None:
        return read_actions(parameters.actions)
    interactions = view.interactions(InteractionFilter(as_of=parameters.as_of))
    if not interactions.num_rows:
        message = f"the store {view.url} holds no interactions to learn from"
        raise InputError(message, remedy="ingest some, or give a log of user, item, time: --actions FILE")
    return actions_of(interactions, parameters.item, view.touchpoints())


def notes_of(actions: pd.DataFrame) -> tuple[str, ...]:
    """Return what a user is told of records that are not among *actions*, as ``actions_of`` gives them.

    Raises:
        InputError: none of them names an item, and only those that do count.
    """
    unnamed = actions.attrs.get("unnamed", 0)
    return left_out(unnamed, len(actions) + unnamed)


def _estimate(inputs: LearnInputs, seconds: float) -> ResourceEstimate:
    graph = inputs.graph
    memory = 3 * graph_bytes(graph) + 60 * graph.indices.size + 200 * len(inputs.actions)
    return ResourceEstimate(graph.number_of_nodes, graph.number_of_edges, seconds, memory)
