"""Reach: how many people some seeds, or those who met a campaign, are expected to reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd
import pyarrow as pa

from influence_graph.analyses.diffusion.spread import Spread, spread
from influence_graph.app.jobs.channels import channels
from influence_graph.app.jobs.estimate import ResourceEstimate, graph_bytes, predicted_seconds
from influence_graph.app.jobs.job import Inputs, Job, Progress, Record
from influence_graph.errors import InputError, NotFound
from influence_graph.model.graph import Graph
from influence_graph.model.parameters import ReachParameters, recorded
from influence_graph.model.records import CAMPAIGNS
from influence_graph.model.results import ACTIVATION, ResultKind
from influence_graph.stores.base import InteractionFilter, Reader, Snapshot
from influence_graph.text import did_you_mean

_PILOT = 64  # simulations from which the time of all is predicted
TOGETHER = "all together"


@dataclass(frozen=True, eq=False)
class ReachInputs(Inputs):
    """What a reach is simulated from: *graph*, whose weights are probabilities, and who is active at the start."""

    graph: Graph
    seeds: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Reached:
    """Expected numbers of people reached.

    Attributes:
        frame: Columns seeds, people (how many they are), reach, std_error, low and high (95 %), one row for each seed
            alone and one for all together.
        together: The simulation of all seeds together.
        inputs: What was simulated.
    """

    frame: pd.DataFrame
    together: Spread
    inputs: ReachInputs


class ReachJob(Job[ReachParameters, ReachInputs, Reached]):
    """Simulate how many people each seed reaches alone, and all together."""

    def kind(self, parameters: ReachParameters) -> ResultKind:
        """Return the row of activation probabilities."""
        del parameters
        return ACTIVATION

    def read(self, view: Snapshot, parameters: ReachParameters) -> ReachInputs:
        """Read the probabilities of influence, and who is active at the start."""
        passing = channels(view, parameters)
        seeds = _seeds_of(view, parameters)
        require_people(passing.graph, seeds)
        return ReachInputs(passing.graph, seeds, notes=(f"probabilities: {passing.source}",))

    def estimate(self, inputs: ReachInputs, parameters: ReachParameters) -> ResourceEstimate:
        """Return what the simulation will take, from a few simulations."""
        # The simulations of each seed alone take about as long together as that of all.
        rows = 1 if len(inputs.seeds) == 1 or parameters.campaign else 2
        pilot = replace(parameters, seed=0)
        seconds = rows * predicted_seconds(
            lambda simulations: _spread(inputs, replace(pilot, simulations=simulations)),
            parameters.simulations,
            _PILOT,
        )
        graph = inputs.graph
        memory = 3 * graph_bytes(graph) + 8 * parameters.simulations + 64 * graph.number_of_nodes
        return ResourceEstimate(graph.number_of_nodes, graph.number_of_edges, seconds, memory)

    def calculate(self, inputs: ReachInputs, parameters: ReachParameters, progress: Progress | None = None) -> Reached:
        """Simulate."""
        del progress
        seeds = inputs.seeds
        together = _spread(inputs, parameters)
        alone = parameters.ids if len(seeds) > 1 and parameters.campaign is None else ()
        name = parameters.campaign or (seeds[0] if len(seeds) == 1 else TOGETHER)
        rows = [_row(id_, 1, _spread(replace(inputs, seeds=(id_,)), parameters)) for id_ in alone]
        return Reached(pd.DataFrame([*rows, _row(name, len(seeds), together)]), together, inputs)

    def record(self, inputs: ReachInputs, parameters: ReachParameters, outcome: Reached) -> Record:
        """Return each person's probability of being reached by all seeds together."""
        del inputs
        together = outcome.together
        own = {name: recorded(parameters)[name] for name in ("probabilities", "as_of", "campaign")}
        kept = {**together.parameters, **own, "reach": together.mean, "std_error": together.std_error}
        columns = [pa.array(together.labels), pa.array(together.ids), pa.array(together.activation)]
        return Record(together.digest, kept, pa.table(columns, names=ACTIVATION.schema.names))


def reach_by_round(together: Spread) -> pd.DataFrame:
    """Return the reach by the end of each round (columns round, reach, low, high), until it hardly grows.

    All rounds are of the simulations whose reach is reported.
    """
    near = (together.mean - together.by_round["reach"] <= together.std_error).to_numpy()
    last = int(near.argmax()) if near.any() else len(near) - 1
    return together.by_round.head(last + 1)


def require_people(graph: Graph, ids: Iterable[str]) -> None:
    """Raise NotFound, with the nearest names, unless all *ids* are of nodes of *graph*."""
    wanted = set(ids)
    for id_ in sorted(wanted - set(graph.ids.tolist()) if wanted else ()):
        remedy = did_you_mean(id_, graph.ids.tolist(), "see `influence-graph export people`")
        raise NotFound(f"no {id_!r} among the {graph.number_of_nodes:,} people", remedy=remedy)


def _seeds_of(view: Reader, parameters: ReachParameters) -> tuple[str, ...]:
    """Return who is active at the start."""
    if parameters.campaign is None:
        if not parameters.ids:
            raise InputError("nobody is active at the start", remedy="name an id, or a campaign")
        return parameters.ids
    if parameters.ids:
        message = f"seeds are named, and the campaign {parameters.campaign!r} names its own"
        raise InputError(message, remedy="leave out the ids, or --campaign")
    at, brand = _campaign(view, parameters.campaign)
    until = at + parameters.within
    where = InteractionFilter(brands=[brand], as_of=parameters.as_of)
    frame = view.interactions(where).select(["consumer", "at"]).to_pandas()
    consumers = frame["consumer"][(frame["at"] >= at) & (frame["at"] <= until)].astype(str)
    if consumers.empty:
        message = f"nobody interacted with {brand!r} from {at:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M}"
        remedy = "give a longer --within"
        raise InputError(f"{message}: the campaign {parameters.campaign!r} has no seeds", remedy=remedy)
    return tuple(sorted(set(consumers)))


def _campaign(view: Reader, event_id: str) -> tuple[datetime, str]:
    known = []
    for table in view.records(CAMPAIGNS):
        for id_, at, brand in zip(*(table[name].to_pylist() for name in ("event_id", "at", "brand")), strict=True):
            if id_ == event_id:
                return at, brand
            known.append(id_)
    remedy = did_you_mean(event_id, known, f"it holds {len(known)}: see `influence-graph export campaigns`")
    raise NotFound(f"the store {view.url} has no campaign {event_id!r}", remedy=remedy)


def _spread(inputs: ReachInputs, parameters: ReachParameters) -> Spread:
    model = parameters.model, parameters.quality
    options = parameters.simulations, parameters.seed
    return spread(inputs.graph, inputs.seeds, *model, *options, deadline=parameters.deadline)


def _row(name: str, people: int, together: Spread) -> dict[str, Any]:
    low, high = together.low, together.high
    ends = {"std_error": together.std_error, "low": low, "high": high}
    return {"seeds": name, "people": people, "reach": together.mean, **ends}
