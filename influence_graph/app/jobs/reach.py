"""Reach of people and campaigns, and the people to win first, on the ties of a store."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from influence_graph.analyses.diffusion.spread import spread
from influence_graph.analyses.maximize.estimate import estimate_maximize
from influence_graph.analyses.maximize.maximize import maximize
from influence_graph.app.jobs.channels import Channels, Diffusion, channels
from influence_graph.app.jobs.estimate import LARGE_SECONDS, Estimate, graph_bytes
from influence_graph.app.jobs.job import new_run
from influence_graph.errors import InputError, NotFound
from influence_graph.model.records import CAMPAIGNS
from influence_graph.model.results import kind_of
from influence_graph.stores.base import InteractionFilter, Store
from influence_graph.text import did_you_mean

if TYPE_CHECKING:
    from influence_graph.analyses.diffusion.spread import Spread
    from influence_graph.analyses.maximize.certificate import Certificate
    from influence_graph.analyses.maximize.result import Seeds
    from influence_graph.model.graph import Graph

_PILOT = 64  # simulations from which the time of all is predicted
_MOST_ROUNDS = 30  # drawn of reach over rounds
TOGETHER = "all together"


@dataclass(frozen=True)
class ReachRequest:
    """What :func:`reach` is to simulate.

    Attributes:
        ids: Who is active at the start.
        diffusion: How influence passes on.
        simulations: Cascades per row, 2 or more.
        seed: Random seed; None: fresh.
        deadline: Rounds after which a cascade ends, the start being round 0; None: none.
        campaign: Event id of a campaign: who interacted with its brand soon after it is active at the start.
        within: How soon after the campaign.
    """

    ids: tuple[str, ...] = ()
    diffusion: Diffusion = field(default_factory=Diffusion)
    simulations: int = 10_000
    seed: int | None = None
    deadline: int | None = None
    campaign: str | None = None
    within: timedelta = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Reached:
    """Expected numbers of people reached.

    Attributes:
        frame: Columns seeds, people (how many they are), reach, std_error, low and high (95 %), one row for each seed
            alone and one for all together.
        together: The simulation of all seeds together.
        channels: The graph and where its probabilities come from.
    """

    frame: pd.DataFrame
    together: Spread
    channels: Channels


def reach(
    store: Store, request: ReachRequest, *, write: bool = False, say: Callable[[str], None] | None = None
) -> Reached:
    """Return how many people the seeds of *request* reach; with *write* keep each person's probability.

    Args:
        store: Where the ties are.
        request: Who starts, and how influence passes on.
        write: Make the activation probabilities the current run of their kind.
        say: Told where probabilities come from, and of a run that will be large, before it starts.

    Raises:
        InputError: there are no ties or no seeds, or a parameter is out of its limits.
        NotFound: a seed or the campaign is not in the store.
    """
    started = datetime.now(UTC)
    passing = channels(store, request.diffusion)
    seeds = _seeds_of(store, request)
    _check_ids(passing.graph, seeds)
    if say:
        say(f"probabilities: {passing.source}")
        expected = _estimate(passing.graph, request, seeds)
        if expected.large:
            say(str(expected))
    together = _spread(passing.graph, request, seeds)
    alone = request.ids if len(seeds) > 1 and request.campaign is None else ()
    name = request.campaign or (seeds[0] if len(seeds) == 1 else TOGETHER)
    rows = [_row(id_, 1, _spread(passing.graph, request, (id_,))) for id_ in alone]
    frame = pd.DataFrame([*rows, _row(name, len(seeds), together)])
    if write:
        _write_activation(store, started, request, together)
    return Reached(frame, together, passing)


def reach_by_round(request: ReachRequest, reached: Reached) -> pd.DataFrame:
    """Return the reach by the end of each round (columns round, reach, low, high), until it hardly grows."""
    seeds, final = tuple(reached.together.parameters["seeds"]), reached.together
    last = _MOST_ROUNDS if request.deadline is None else min(request.deadline, _MOST_ROUNDS)
    rows: list[tuple[int, float, float, float]] = []
    for end in range(last + 1):
        found = _spread(reached.channels.graph, request, seeds, end)
        rows.append((end, found.mean, *found.interval))
        if final.mean - found.mean <= final.std_error:
            break
    return pd.DataFrame(rows, columns=["round", "reach", "low", "high"])


def estimate_reach(store: Store, request: ReachRequest) -> Estimate:
    """Return what :func:`reach` will take, from a few simulations."""
    return _estimate(channels(store, request.diffusion).graph, request, _seeds_of(store, request))


@dataclass(frozen=True, eq=False)
class SeedsRequest:
    """What :func:`seeds` is to choose; the meaning of each is that of ``ig.maximize``."""

    k: int | None = None
    diffusion: Diffusion = field(default_factory=Diffusion)
    epsilon: float = 0.1
    delta: float | None = None
    ratio: float | None = None
    time_limit: float | None = None
    memory_limit: int = 2 << 30
    seed: int | None = None
    costs: Mapping[str, float] | None = None
    budget: float | None = None
    exclude: tuple[str, ...] = ()
    won: tuple[str, ...] = ()
    target: Mapping[str, float] | None = None

    def options(self) -> dict[str, Any]:
        """Return the keyword arguments of ``ig.maximize``."""
        own = {name: value for name, value in vars(self).items() if name != "diffusion"}
        return {**own, "model": self.diffusion.model, "quality": self.diffusion.quality}


def seeds(
    store: Store,
    request: SeedsRequest,
    *,
    write: bool = False,
    say: Callable[[str], None] | None = None,
    progress: Callable[[Certificate], None] | None = None,
) -> Seeds:
    """Return the people to win first, with their certificate; with *write* make them the current seeds.

    A run that was interrupted returns the best seeds so far, and writes nothing.

    Args:
        store: Where the ties are.
        request: How many, at what cost, and how influence passes on.
        write: Keep them.
        say: Told where probabilities come from, and of a run that will be large, before it starts.
        progress: Told the certificate of each round.

    Raises:
        InputError: there are no ties, or a parameter is out of its limits.
        NotFound: an id is not in the store.
    """
    started = datetime.now(UTC)
    passing = channels(store, request.diffusion)
    _check_ids(passing.graph, (*request.exclude, *request.won))
    asked, (request, free) = request, _without_unpriced(passing.graph, request)
    if say:
        if free:
            say(f"{free:,} people have no cost above 0 and cannot be seeds")
        say(f"probabilities: {passing.source}")
        _warn_of_large(passing.graph, request, say)
    found = maximize(passing.graph, **request.options(), progress=progress)
    if write and found.stopped != "interrupted":
        _write_seeds(store, started, asked, found)
    return found


def estimate_seeds(store: Store, request: SeedsRequest) -> Estimate:
    """Return what :func:`seeds` will take."""
    graph = channels(store, request.diffusion).graph
    return _estimate_seeds(graph, _without_unpriced(graph, request)[0])


def _without_unpriced(graph: Graph, request: SeedsRequest) -> tuple[SeedsRequest, int]:
    """Return *request* without the people whose cost is unknown, and their number: a default would be a guess."""
    if request.costs is None:
        return request, 0
    kept = {*request.costs, *request.exclude, *request.won}
    free = [id_ for id_ in graph.ids.tolist() if id_ not in kept]
    if not graph.number_of_nodes - len(free) - len({*request.exclude, *request.won}):
        message = f"nobody of the {graph.number_of_nodes:,} people who may be seeds has a cost above 0"
        raise InputError(message, remedy="give costs: --costs FILE with id, cost")
    return replace(request, exclude=(*request.exclude, *free)), len(free)


def _check_ids(graph: Graph, ids: Iterable[str]) -> None:
    """Raise NotFound, with the nearest names, unless all *ids* are of nodes of *graph*."""
    wanted = set(ids)
    for id_ in sorted(wanted - set(graph.ids.tolist()) if wanted else ()):
        remedy = did_you_mean(id_, graph.ids.tolist(), "see `influence-graph export people`")
        raise NotFound(f"no {id_!r} among the {graph.number_of_nodes:,} people", remedy=remedy)


def _seeds_of(store: Store, request: ReachRequest) -> tuple[str, ...]:
    """Return who is active at the start."""
    if request.campaign is None:
        return request.ids
    if request.ids:
        message = f"seeds are named, and the campaign {request.campaign!r} names its own"
        raise InputError(message, remedy="leave out the ids, or --campaign")
    at, brand = _campaign(store, request.campaign)
    until = at + request.within
    where = InteractionFilter(brands=[brand], as_of=request.diffusion.as_of)
    frame = store.interactions(where).select(["consumer", "at"]).to_pandas()
    found = frame["consumer"][(frame["at"] >= at) & (frame["at"] <= until)].astype(str)
    if found.empty:
        message = f"nobody interacted with {brand!r} from {at:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M}"
        raise InputError(f"{message}: the campaign {request.campaign!r} has no seeds", remedy="give a longer --within")
    return tuple(sorted(set(found)))


def _campaign(store: Store, event_id: str) -> tuple[datetime, str]:
    known = []
    for table in store.records(CAMPAIGNS):
        for id_, at, brand in zip(*(table[name].to_pylist() for name in ("event_id", "at", "brand")), strict=True):
            if id_ == event_id:
                return at, brand
            known.append(id_)
    remedy = did_you_mean(event_id, known, f"it holds {len(known)}: see `influence-graph export campaigns`")
    raise NotFound(f"the store {store.url} has no campaign {event_id!r}", remedy=remedy)


def _spread(graph: Graph, request: ReachRequest, seeds: tuple[str, ...], deadline: int | None = None) -> Spread:
    end = request.deadline if deadline is None else deadline
    model = request.diffusion.model, request.diffusion.quality
    return spread(graph, seeds, *model, request.simulations, request.seed, deadline=end)


def _row(name: str, people: int, found: Spread) -> dict[str, Any]:
    low, high = found.interval
    ends = {"std_error": found.std_error, "low": low, "high": high}
    return {"seeds": name, "people": people, "reach": found.mean, **ends}


def _estimate(graph: Graph, request: ReachRequest, seeds: tuple[str, ...]) -> Estimate:
    pilot = replace(request, simulations=min(_PILOT, request.simulations), seed=0)
    _spread(graph, replace(pilot, simulations=2), seeds)  # compiled before the clock starts
    start = time.perf_counter()
    _spread(graph, pilot, seeds)
    rows = 1 if len(seeds) == 1 or request.campaign else 2  # each alone: together about as long as all together
    seconds = rows * (time.perf_counter() - start) * request.simulations / pilot.simulations
    memory = 3 * graph_bytes(graph) + 8 * request.simulations + 64 * graph.number_of_nodes
    return Estimate(graph.number_of_nodes, graph.number_of_edges, seconds, memory)


def _estimate_seeds(graph: Graph, request: SeedsRequest) -> Estimate:
    unused = ("seed", "time_limit")
    options = {name: value for name, value in request.options().items() if name not in unused}
    expected = estimate_maximize(graph, **options)
    return Estimate(graph.number_of_nodes, graph.number_of_edges, expected.seconds, expected.memory)


def _warn_of_large(graph: Graph, request: SeedsRequest, say: Callable[[str], None]) -> None:
    """Say what a large run will take; one with a short time limit says so itself."""
    if request.time_limit is not None and request.time_limit <= LARGE_SECONDS:
        return
    expected = _estimate_seeds(graph, request)
    if expected.large:
        say(str(expected))


def _write_activation(store: Store, started: datetime, request: ReachRequest, found: Spread) -> None:
    schema = kind_of("activation").schema
    table = pa.table([pa.array(found.labels), pa.array(found.ids), pa.array(found.activation)], names=schema.names)
    recorded = {
        **found.parameters,
        **request.diffusion.recorded(),
        "campaign": request.campaign,
        "reach": found.mean,
        "std_error": found.std_error,
    }
    store.write(new_run("activation", started, found.graph_digest, recorded), table.cast(schema))


def _write_seeds(store: Store, started: datetime, request: SeedsRequest, found: Seeds) -> None:
    schema = kind_of("seeds").schema
    table = pa.Table.from_pandas(
        found.to_frame().rename(columns={"position": "rank"})[schema.names], schema, preserve_index=False
    )
    certificate = {name: getattr(found, name) for name in ("lower", "upper", "ratio", "rr_sets", "stopped")}
    # As asked for: the analysis was also told to leave out everyone who has no cost.
    asked = {"exclude": list(request.exclude), "won": list(request.won), **request.diffusion.recorded()}
    recorded = {**found.parameters, **asked, **certificate}
    store.write(new_run("seeds", started, found.graph_digest, recorded), table)
