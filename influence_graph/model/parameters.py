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
        passive_ok: Whether people may be chosen who move others in silence. Where it is false and the store has a run
            of influencers, nobody is chosen whom that run found passive, or whose record says so.
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
    passive_ok: bool = False


@dataclass(frozen=True)
class CopresenceParameters:
    """Which co-presence makes a tie; see ``analyses/copresence.py``.

    Attributes:
        timezone: IANA zone in which days begin.
        least_days: Days on which two must have been together, ≥ 1.
        most_people: People of whom a place on a day is not a crowd yet, ≥ 2.
    """

    timezone: str = "UTC"
    least_days: int = 1
    most_people: int = 50


@dataclass(frozen=True)
class InfluencerParameters:
    """How influencers are searched for; see ``analyses/influencers/find.py``.

    Attributes:
        fdr: Share of the found that may be nobody, in (0, 1): the level of the false discovery rate.
        lags: Days at which the bins of lags end, ascending; a last bin is open.
        resolution: Of the communities that are the strata; None: the one of several at which audiences are most like
            the comparable people before anybody they watch does something.
        seed: Random seed of the communities and of permutations.
        permutations: How many permutations the independent check of 180 days takes; 0: none.
    """

    fdr: float = 0.1
    lags: tuple[float, ...] = (30.0, 90.0, 180.0, 365.0, 730.0, 1826.0)
    resolution: float | None = None
    seed: int = 0
    permutations: int = 0


@dataclass(frozen=True)
class InfluencerJobParameters(InfluencerParameters, _Timed):
    """How influencers are searched for in a store.

    Attributes:
        item: What people take up: ``"brand"``, ``"brand+kind"``: a brand by a kind of interaction, or
            ``"brand+item"``: the items of a brand that interactions name; those that name none are left out.
        kinds: Kinds of interaction by which something is taken up; empty: all of a valence of 0 or more, but mere
            contact (kinds of the touchpoint engagement and the vote feet, of a weight below 1: visits, clicks).
        actions: File with the columns user, item, time: what was taken up, in place of the store's interactions.
        as_of: The time as of which ties and interactions hold; None: all of them.
    """

    item: str = "brand"
    kinds: tuple[str, ...] = ()
    actions: Path | None = None
    as_of: datetime | None = None


@dataclass(frozen=True)
class PanelLiftParameters:
    """How few treated units are compared with many others; see ``analyses/lift/panel.py``.

    Attributes:
        demeaned: Whether the control may lie at another height than the treated, and only follows their ups and downs.
        placebos: Whether each donor is looked at as if the event had been its own.
    """

    demeaned: bool = True
    placebos: bool = True


@dataclass(frozen=True)
class StaggeredLiftParameters:
    """How groups that meet an event at different times are compared; see ``analyses/lift/staggered.py``.

    Attributes:
        controls: ``"never"``: with units that never meet it; ``"not yet"``: also with others until they do.
        before: Dates whose mean is what was before; 1 as published, whole weeks where days differ by weekday.
    """

    controls: str = "never"
    before: int = 1


@dataclass(frozen=True)
class SeriesLiftParameters:
    """How the lift of one daily series is estimated; see ``analyses/lift/series.py``.

    Attributes:
        weekday: Whether the days of the week differ.
        trend: Whether there is a straight trend; None: unless there are controls, which have it, too.
        draws: Courses without the event that are drawn for what must hold on all days at once, from 1,000 to 100,000.
        seed: Random seed of these.
    """

    weekday: bool = True
    trend: bool | None = None
    draws: int = 4000
    seed: int = 0


@dataclass(frozen=True)
class CampaignLiftParameters:
    """How the lift of a campaign of a store is estimated; see ``app/lift/campaign.py``.

    Attributes:
        days: How many days from that of the campaign on are declared, 1 or more.
        outcome: What is counted per day: ``"sales"``; ``"interactions"``: all with the brand; ``"sentiment"``: the sum
            of their valence; or a kind of interaction, such as ``"follow"``.
        exposed: Share of a segment's people who see somebody of a treated segment, from which on it is compared with
            nobody; above 0, up to 1.
        seed: Random seed of what is drawn.
    """

    days: int = 14
    outcome: str = "sales"
    exposed: float = 0.05
    seed: int = 0


@dataclass(frozen=True)
class LearnParameters(_Timed):
    """What probabilities are learned from.

    Attributes:
        method: ``"partial_credit"``, ``"bernoulli"``, ``"jaccard"`` or ``"time_decay"``.
        item: What people adopt from each other: ``"brand"``, ``"brand+kind"`` or ``"brand+item"``, as for influencers.
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


@dataclass(frozen=True)
class ScheduleParameters:
    """When results are recalculated: by exactly one of ``cron`` and ``every``.

    Attributes:
        name: Name of the schedule: its ticks are told apart from those of others by it.
        cron: The five fields of a crontab, minute hour day month weekday, or ``@hourly``, ``@daily`` and so on.
        every: Time between two ticks in whole seconds, ≥ 1 s; they are counted from 1970-01-01 UTC.
        timezone: IANA zone in which ``cron`` is meant.
        jitter: Longest delay of a tick, in [0, 1 d], different from tick to tick and from scheduler to scheduler.
        only: Kinds of results to recalculate; empty: all.
        catch_up: Carry out missed ticks one by one; else the latest stands for all of them.
    """

    name: str = "default"
    cron: str | None = None
    every: timedelta | None = None
    timezone: str = "UTC"
    jitter: timedelta = timedelta(0)
    only: tuple[str, ...] = ()
    catch_up: bool = False


@dataclass(frozen=True)
class InboxParameters:
    """Which folder is watched for record files.

    Attributes:
        folder: Where they are dropped; it gets the subfolders ``done`` and ``failed``.
        settle: How long a file must have stayed as it is before it is taken for complete, > 0.
        timezone: IANA zone of times in the files that state none; None rejects them.
        mapping: Mapping file that says what their columns are; None: the fields of their names.
        preset: Mapping for the files of a known service; None: none.
        max_rejects: Rejected rows with which a file still counts as done; None: any number but all.
        pseudonymize: Keep keyed hashes of the ids of people, and no names, as ``ingest --pseudonymize`` does.
    """

    folder: Path
    settle: timedelta = timedelta(seconds=10)
    timezone: str | None = None
    mapping: Path | None = None
    preset: str | None = None
    max_rejects: int | None = None
    pseudonymize: bool = False


@dataclass(frozen=True)
class RecomputeParameters:
    """Which results are made current, and how; see :func:`influence_graph.app.recompute.recompute.recompute`.

    Attributes:
        only: Steps to take: kinds of result, names of measures, or ``fusion`` and ``probabilities``; empty: the five of
            ``app.recompute.kinds.DEFAULT`` and all others that the store has current results of.
        full: Calculate every step anew from all records, whatever has changed.
        since: A run id, or a time (a date, a time with a zone, or either as text): take also the steps whose inputs
            have changed since then, though a later run knows of it; None: since the current run of each.
        verify: Calculate in full as well, and refuse to write what differs by more than 1e-8.
        keep_runs: Runs of each kind that are kept for comparison afterwards, the current one among them, ≥ 1.
        k: Number of seeds where no run states one.
        seed: Random seed of steps of which no run states one, ≥ 0.
    """

    only: tuple[str, ...] = ()
    full: bool = False
    since: str | datetime | None = None
    verify: bool = False
    keep_runs: int = 10
    k: int = 10
    seed: int = 1


@dataclass(frozen=True)
class ForgetParameters:
    """Whom and what a store is to forget; see :func:`influence_graph.app.forget.forget.forget`.

    Attributes:
        people: Ids of people.
        source: A source that is taken out: a file, the name by which it was ingested, or ``#`` and its number.
        older_than: Age from which interactions, campaigns and sales go, by when they happened.
        rejects: Files of rejected rows, or folders of such, from which people go, too.
    """

    people: tuple[str, ...] = ()
    source: str | None = None
    older_than: timedelta | None = None
    rejects: tuple[Path, ...] = ()


def recorded(parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the dataclasses above
    """Return the fields of *parameters* as JSON values, as a run keeps them."""
    return {each.name: _plain(getattr(parameters, each.name)) for each in fields(parameters)}


def asked(parameters: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return those of :func:`recorded` that differ from their default: what a run was asked for."""
    plain, default = recorded(parameters), recorded(type(parameters)())
    return {name: value for name, value in plain.items() if value != default[name]}


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
