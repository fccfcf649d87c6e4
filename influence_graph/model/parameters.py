"""The parameters of what can be calculated: one frozen dataclass per capability, each default written once.

Library functions, commands and run records all take their fields and defaults from here: a function has
``tolerance: float = RankParameters.tolerance``, an option shows the field's default, a run keeps :func:`recorded`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from influence_graph.model.graph import GraphKind
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.times import set_times

DEFAULT_STORE = "influence-graph-data"
MODELS = ("ic", "lt", "ic-n")
"""Independent cascade, linear threshold, independent cascade with negative opinions."""


class _Timed:
    """Parameters whose times are given as any of :data:`influence_graph.model.times.Time`, and held in UTC."""

    def __post_init__(self) -> None:
        set_times(self)


@dataclass(frozen=True)
class DiffusionParameters(_Timed):
    """How influence passes on.

    Attributes:
        model: One of :data:`MODELS`.
        quality: In (0, 1], for ``"ic-n"`` only.
        probabilities: ``"learned"`` (the store's current learn run), ``"weighted-cascade"``, ``"weights"`` (of the
            ties) or a number as text; None: learned where there are any, else the weighted cascade.
        as_of: The time as of which the ties hold; None: all of them.
    """

    model: str = "ic"
    quality: float | None = None
    probabilities: str | None = None
    as_of: datetime | None = None


@dataclass(frozen=True)
class RankParameters(DiffusionParameters):
    """How nodes are ranked; what a measure does not use must keep its default.

    Attributes:
        by: The measure, a name of ``results.measures()``.
        graph: Edges to follow; None: ties where there are any, else interactions.
        damping_factor: α of PageRank, in [0, 1).
        tolerance: Residual at which iterations stop, > 0.
        max_iterations: Passes over the edges, ≥ 1.
        personalization: Teleport weights of PageRank, id -> value.
        brand: PageRank of the people who interacted with this brand, among themselves, personalized by how much.
        window: Longest wait for which an adoption counts, for ``psi``, ``influence`` and ``passivity``.
        rr_sets: Reverse-reachable sets for ``reach``, 2 or more.
        seed: Random seed for ``reach``; None: fresh.
    """

    by: str = "pagerank"
    graph: GraphKind | None = None
    damping_factor: float = 0.85
    tolerance: float = 1e-10
    max_iterations: int = 1000
    personalization: Mapping[str, float] | None = None
    brand: str | None = None
    window: timedelta = timedelta(days=30)
    rr_sets: int = 100_000
    seed: int | None = None


@dataclass(frozen=True)
class ReachParameters(DiffusionParameters):
    """What is simulated of some seeds.

    Attributes:
        ids: Who is active at the start.
        simulations: Cascades per row, 2 or more.
        seed: Random seed; None: fresh.
        deadline: Rounds after which a cascade ends, the start being round 0; None: none.
        campaign: Event id of a campaign: who interacted with its brand soon after it is active at the start.
        within: How soon after the campaign.
    """

    ids: tuple[str, ...] = ()
    simulations: int = 10_000
    seed: int | None = None
    deadline: int | None = None
    campaign: str | None = None
    within: timedelta = timedelta(days=1)


@dataclass(frozen=True)
class SeedsParameters(DiffusionParameters):
    """Which seeds are chosen; see ``ig.maximize``.

    Attributes:
        k: Number of seeds; None with a budget: as many as it buys.
        epsilon: ε in (0, 1): the ratio 1 - 1/e - ε is certified unless time or memory end first.
        delta: δ in (0, 1), most probability that the certificate is wrong; None: 1/nodes.
        ratio: Certified share of the best spread in (0, 1) at which to stop; None: 1 - 1/e - ε, and stable seeds.
        time_limit: Longest time; None: none.
        memory_limit: Bytes that sets and index may take.
        seed: Random seed; None: fresh.
        costs: File with the columns id, cost.
        cost_column: Numeric field of people that is the cost.
        budget: What the seeds may cost together.
        exclude: Ids that are never chosen.
        won: Ids that are won already.
        target: ``brand:ID`` for the bonds of a brand, or a file with the column id and, unless all count 1, weight.
    """

    k: int | None = None
    epsilon: float = 0.1
    delta: float | None = None
    ratio: float | None = None
    time_limit: timedelta | None = None
    memory_limit: int = 2 << 30
    seed: int | None = None
    costs: Path | None = None
    cost_column: str | None = None
    budget: float | None = None
    exclude: tuple[str, ...] = ()
    won: tuple[str, ...] = ()
    target: str | None = None


@dataclass(frozen=True)
class LearnParameters(_Timed):
    """What probabilities are learned from.

    Attributes:
        method: ``"partial_credit"``, ``"bernoulli"``, ``"jaccard"`` or ``"time_decay"``.
        item: ``"brand"`` or ``"brand+kind"``: what people adopt from each other.
        window: Longest wait that counts as influence; None: any.
        prior: What rates are shrunk to: ``"global"``, ``"source"``, ``"target"``, ``"both"``, or None: bare rates.
        actions: File with the columns user, item, time in place of the store's interactions.
        as_of: The time as of which ties and interactions hold; None: all of them.
    """

    method: str = "partial_credit"
    item: str = "brand"
    window: timedelta | None = None
    prior: str | None = "global"
    actions: Path | None = None
    as_of: datetime | None = None


@dataclass(frozen=True)
class ScoreParameters(_Timed):
    """Which Fusion Scores are calculated.

    Attributes:
        policy: Parameters of the score.
        consumers: Only bonds of these; None: all.
        brands: Only bonds with these; None: all.
        as_of: Only what had happened and was known by then counts; None: the latest time.
        valid_at: Hindsight: what had happened by then, with all that is known at *as_of*.
        keep: Keep running sums beside the store, so that the next scores are brought up to date from them.
        written: The scores will be written: read also what records carry of them, in a store where they do.
    """

    policy: FusionPolicy = field(default_factory=FusionPolicy)
    consumers: tuple[str, ...] | None = None
    brands: tuple[str, ...] | None = None
    as_of: datetime | None = None
    valid_at: datetime | None = None
    keep: bool = False
    written: bool = False


@dataclass(frozen=True)
class ExplainParameters(_Timed):
    """Which Fusion Score is explained.

    Attributes:
        consumer: One end of the bond.
        brand: The other end.
        policy: Parameters of the score.
        as_of: Only what had happened and was known by then counts; None: the latest time of the store.
        valid_at: Hindsight: what had happened by then, with all that is known at *as_of*.
        without: Events to leave out, as if they had never been.
    """

    consumer: str
    brand: str
    policy: FusionPolicy = field(default_factory=FusionPolicy)
    as_of: datetime | None = None
    valid_at: datetime | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class BrandParameters(_Timed):
    """How brands are viewed.

    Attributes:
        policy: Parameters of the scores.
        as_of: The time as of which all is calculated; None: the latest.
        recovery: How long the recovery of a complaint may take.
        horizon: How far ahead purchases are forecast; a year holds each season once and is what budgets are made for.
    """

    policy: FusionPolicy = field(default_factory=FusionPolicy)
    as_of: datetime | None = None
    recovery: timedelta = timedelta(days=30)
    horizon: timedelta = timedelta(days=365)


@dataclass(frozen=True)
class PersonParameters(_Timed):
    """How a person is viewed.

    Attributes:
        policy: Parameters of the scores.
        as_of: The time as of which all is calculated; None: the latest.
    """

    policy: FusionPolicy = field(default_factory=FusionPolicy)
    as_of: datetime | None = None


@dataclass(frozen=True)
class LeaderboardParameters(_Timed):
    """How all brands are viewed.

    Attributes:
        by: What they are ordered by, a name of ``analyses.brand.leaderboard.ORDERS``.
        policy: Parameters of the scores.
        as_of: The time as of which all is calculated; None: the latest.
    """

    by: str = "bond"
    policy: FusionPolicy = field(default_factory=FusionPolicy)
    as_of: datetime | None = None


@dataclass(frozen=True)
class FitParameters(_Timed):
    """How touchpoint weights are estimated; see ``analyses/fusion/touchpoint_weights.py``.

    Attributes:
        outcome: ``"recommend"`` or ``"loyalty"``.
        window: How far back contacts count as exposures.
        exposure: ``"points"`` or ``"count"``: what an event counts.
        as_of: The time as of which interactions are read; None: all of them.
    """

    outcome: str = "recommend"
    window: timedelta = timedelta(days=30)
    exposure: str = "points"
    as_of: datetime | None = None


@dataclass(frozen=True)
class ReportParameters(_Timed):
    """What a report shows.

    Attributes:
        title: Heading of the page; None: by what the data have.
        lead: Paragraph under it; empty: the main findings.
        bonds: (consumer, brand) pairs that are explained event by event; None: the strongest one.
        policy: Parameters of the scores.
        as_of: The time as of which all is calculated; None: the latest.
        most_nodes: People and brands of the network that are drawn; more are hard to read, and to move in a browser.
        most_edges: Ties and bonds of the network that are drawn.
    """

    title: str | None = None
    lead: str = ""
    bonds: tuple[tuple[str, str], ...] | None = None
    policy: FusionPolicy = field(default_factory=FusionPolicy)
    as_of: datetime | None = None
    most_nodes: int = 10_000
    most_edges: int = 30_000


def recorded(parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the dataclasses above
    """Return the fields of *parameters* as JSON values, as a run keeps them."""
    return {each.name: _plain(getattr(parameters, each.name)) for each in fields(parameters)}


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Return *value* as JSON: times as ISO 8601, lengths of time in seconds, files by name."""
    for type_, convert in _CONVERTED.items():
        if isinstance(value, type_):
            return convert(value)
    return value


_CONVERTED: Mapping[type, Callable[[Any], Any]] = {
    datetime: datetime.isoformat,
    timedelta: timedelta.total_seconds,
    Path: lambda path: path.name,
    StrEnum: str,
    FusionPolicy: FusionPolicy.to_dict,
    Mapping: dict,
    tuple: list,
}
