"""Seeds: the people to win first, with a certificate of how close to the best choice they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from influence_graph.analyses.influencers.winning import how_to_win
from influence_graph.analyses.maximize.estimate import estimate_maximize
from influence_graph.analyses.maximize.maximize import maximize
from influence_graph.analyses.maximize.repair import KeptSets
from influence_graph.analyses.maximize.result import Seeds
from influence_graph.app.jobs.channels import channels
from influence_graph.app.jobs.estimate import LARGE_SECONDS, ResourceEstimate
from influence_graph.app.jobs.job import Inputs, Job, Progress, Record
from influence_graph.app.jobs.reach import require_people
from influence_graph.app.jobs.scores import ScoreJob
from influence_graph.app.jobs.winning import Winning, winning
from influence_graph.app.lookups import require
from influence_graph.errors import InputError
from influence_graph.ingest.side_tables import read_numbers
from influence_graph.model.graph import Graph
from influence_graph.model.parameters import ScoreParameters, SeedsParameters, recorded
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import BRANDS, PEOPLE, FieldType
from influence_graph.model.results import SCORE, SEEDS, ResultKind
from influence_graph.stores.base import Reader, Snapshot
from influence_graph.text import count_text

_BRAND = "brand:"
INTERRUPTED = "interrupted"


@dataclass(frozen=True, eq=False)
class SeedsInputs(Inputs):
    """What seeds are chosen from.

    Attributes:
        graph: Ties whose weights are probabilities of influence.
        costs: Cost of each person who has one; None: no costs.
        target: What reaching each person counts; None: 1 each.
        without_cost: People who cannot be seeds because their cost is unknown.
        winning: How people can be won; None: no run of influencers is kept, and it was not asked for.
        passive: People who cannot be seeds because they move others in silence.
        kept: Sets of an earlier choice with the same seed, model and target on the same people; None: none.
    """

    graph: Graph
    costs: Mapping[str, float] | None = None
    target: Mapping[str, float] | None = None
    without_cost: tuple[str, ...] = ()
    winning: Winning | None = None
    passive: tuple[str, ...] = ()
    kept: KeptSets | None = None


@dataclass(frozen=True, eq=False)
class Chosen:
    """The seeds, and what they were chosen from."""

    result: Seeds
    inputs: SeedsInputs

    def to_frame(self) -> pd.DataFrame:
        """Return the seeds and, where the inputs say, how to win each (how, and basis: found or declared)."""
        frame = self.result.to_frame()
        known = self.inputs.winning
        return frame if known is None else pd.concat([frame, how_to_win(frame["id"], known.ways)], axis=1)


class SeedsJob(Job[SeedsParameters, SeedsInputs, Chosen]):
    """Choose the people who together reach most. A run that was interrupted is not kept."""

    def kind(self, parameters: SeedsParameters) -> ResultKind:
        """Return the row of seeds."""
        del parameters
        return SEEDS

    def read(self, view: Snapshot, parameters: SeedsParameters) -> SeedsInputs:
        """Read the probabilities of influence, the costs and the target."""
        _check_limits(parameters)
        passing = channels(view, parameters)
        require_people(passing.graph, (*parameters.exclude, *parameters.won))
        known = winning(view, passive_ok=parameters.passive_ok)
        silent = _silent(passing.graph, parameters, known)
        passive = () if parameters.passive_ok else silent
        costs = _costs(view, parameters)
        without = _without_cost(passing.graph, parameters, passive, costs)
        target, source = _target(view, parameters.target)
        notes = [f"target: {source}"] if source else []
        if known is not None and (said := known.note(silent, parameters)):
            notes.append(said)
        if without:
            notes.append(f"{count_text(len(without), 'person', 'people')} without a cost above 0 cannot be seeds")
        notes.append(f"probabilities: {passing.source}")
        return SeedsInputs(passing.graph, costs, target, without, known, passive, notes=tuple(notes))

    def estimate(self, inputs: SeedsInputs, parameters: SeedsParameters) -> ResourceEstimate | None:
        """Return the estimate, from a run of a second; None where a short time limit bounds it."""
        limit = parameters.time_limit
        if limit is not None and limit.total_seconds() <= LARGE_SECONDS:
            return None
        return estimate_seeds(inputs, parameters)

    def calculate(self, inputs: SeedsInputs, parameters: SeedsParameters, progress: Progress | None = None) -> Chosen:
        """Choose; *progress* is called with the certificate of each round."""
        limit = parameters.time_limit
        options: dict[str, Any] = {
            "seed": parameters.seed,
            "time_limit": None if limit is None else limit.total_seconds(),
            "kept": inputs.kept,
        }
        return Chosen(maximize(inputs.graph, **_options(inputs, parameters), **options, progress=progress), inputs)

    def record(self, inputs: SeedsInputs, parameters: SeedsParameters, outcome: Chosen) -> Record | None:
        """Return the seeds in their order with the certificate; None where the run was interrupted."""
        result = outcome.result
        if result.stopped == INTERRUPTED:
            return None
        table = pa.Table.from_pandas(result.to_frame()[SEEDS.schema.names], SEEDS.schema, preserve_index=False)
        certificate = {name: getattr(result, name) for name in ("lower", "upper", "ratio", "rr_sets", "stopped")}
        # As requested: the analysis also left out everyone who has no cost or is passive.
        own = {name: recorded(parameters)[name] for name in ("exclude", "won", "probabilities", "as_of", "passive_ok")}
        run = None if inputs.winning is None else inputs.winning.run
        own["influencers"] = None if run is None else run.id
        return Record(result.digest, {**result.parameters, **own, **certificate}, table)


def estimate_seeds(inputs: SeedsInputs, parameters: SeedsParameters) -> ResourceEstimate:
    """Return what the choice will take, whatever the time limit."""
    expected = estimate_maximize(inputs.graph, **_options(inputs, parameters))
    graph = inputs.graph
    return ResourceEstimate(graph.number_of_nodes, graph.number_of_edges, expected.seconds, expected.memory)


def _options(inputs: SeedsInputs, parameters: SeedsParameters) -> dict[str, Any]:
    """Return the arguments that ``ig.maximize`` and its estimate share."""
    same = ("k", "model", "quality", "epsilon", "delta", "ratio", "memory_limit", "budget", "won")
    options = {name: getattr(parameters, name) for name in same}
    exclude = (*parameters.exclude, *inputs.without_cost, *inputs.passive)
    return {**options, "costs": inputs.costs, "target": inputs.target, "exclude": exclude}


def _check_limits(parameters: SeedsParameters) -> None:
    """Require a number of seeds or a budget, and with a budget what each seed costs."""
    if parameters.costs and parameters.cost_column:
        raise InputError("costs are given as a file and as a field", remedy="leave out --costs, or --cost-column")
    priced = parameters.costs is not None or parameters.cost_column is not None
    if parameters.budget is not None and not priced:
        message = f"a budget of {parameters.budget:,.6g} is given, but not what each seed costs"
        remedy = "add --costs FILE or --cost-column followers, or give a number of seeds: -k 10"
        raise InputError(message, remedy=remedy)
    if parameters.k is None and parameters.budget is None:
        remedy = "give a number of seeds: -k 10, or --budget with --costs"
        raise InputError("neither k nor a budget is given", remedy=remedy)


def _costs(view: Reader, parameters: SeedsParameters) -> Mapping[str, float] | None:
    if parameters.costs is not None:
        return read_numbers(parameters.costs, "cost")
    return None if parameters.cost_column is None else _people_costs(view, parameters.cost_column)


def _people_costs(view: Reader, column: str) -> dict[str, float]:
    """Return the cost of each person that has one."""
    numeric = [field.name for field in PEOPLE.fields if field.type in (FieldType.NUMBER, FieldType.INTEGER)]
    if column not in numeric:
        message = f"{column!r} is no number that people have"
        raise InputError(message, remedy=f"use {', '.join(numeric)}, or a file: --costs FILE")
    costs: dict[str, float] = {}
    for table in view.records(PEOPLE):
        for id_, value in zip(table["id"].to_pylist(), table[column].to_pylist(), strict=True):
            if value:
                costs[id_] = float(value)
    return costs


def _silent(graph: Graph, parameters: SeedsParameters, known: Winning | None) -> tuple[str, ...]:
    """Return who of those who might be chosen is passive.

    Raises:
        InputError: all are, and may not be chosen.
    """
    if known is None:
        return ()
    others = set(graph.ids.tolist()) - {*parameters.exclude, *parameters.won}
    silent = tuple(id_ for id_ in known.passive if id_ in others)
    if silent and len(silent) == len(others) and not parameters.passive_ok:
        who = count_text(len(silent), "person", "people")
        raise InputError(f"everybody who may be a seed is passive ({who})", remedy="choose among them: --passive-ok")
    return silent


def _without_cost(
    graph: Graph, parameters: SeedsParameters, passive: tuple[str, ...], costs: Mapping[str, float] | None
) -> tuple[str, ...]:
    """Return the people whose cost is unknown: a default would be a guess."""
    if costs is None:
        return ()
    named = {*parameters.exclude, *parameters.won, *passive}
    without = tuple(id_ for id_ in graph.ids.tolist() if id_ not in costs and id_ not in named)
    if not graph.number_of_nodes - len(without) - len(named):
        message = f"nobody of the {graph.number_of_nodes:,} people who may be seeds has a cost above 0"
        among = f", or choose among the {len(passive):,} passive: --passive-ok" if passive else ""
        raise InputError(message, remedy=f"give costs: --costs FILE with id, cost{among}")
    return without


def _target(view: Snapshot, text: str | None) -> tuple[Mapping[str, float] | None, str]:
    """Return what reaching each person counts, and where a brand's bonds are from."""
    if text is None:
        return None, ""
    if not text.startswith(_BRAND):
        return read_numbers(Path(text), "weight", default=1.0), ""
    brand = text.removeprefix(_BRAND)
    require(view, BRANDS, [brand])
    frame, source = _bonds(view, brand)
    liked = frame[frame["fusion_score"] > 0]
    if liked.empty:
        raise InputError(f"{brand!r} has no bond above 0: nobody to reach", remedy="name another brand, or a file")
    weights = dict(zip(liked["consumer"].astype(str), liked["fusion_score"].astype(float), strict=True))
    return weights, f"{count_text(len(liked), 'bond')} of {brand} above 0, {source}"


def _bonds(view: Snapshot, brand: str) -> tuple[pd.DataFrame, str]:
    """Return the bonds of *brand*, and where they are from."""
    current = view.results(SCORE)
    if current is not None:
        frame = current[1].to_pandas()
        return frame[frame["brand"] == brand], f"of the current scores ({current[0].id})"
    job, parameters = ScoreJob(), ScoreParameters(FusionPolicy(table=view.touchpoints()), brands=(brand,))
    return job.calculate(job.read(view, parameters), parameters), "scored by the default policy"
