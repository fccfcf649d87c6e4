"""What a report shows, as plain frames and values; every section without data is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from influence_graph.model.names import NO_NAMES, NodeNames

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.analyses.changes.overall import Changes
    from influence_graph.analyses.influencers.result import Influencers
    from influence_graph.reports.pages.parts import Network


@dataclass(frozen=True)
class Convergence:
    """Convergence of an iterative ranking: ``residual`` is the L1 change, ``tolerance`` its limit."""

    algorithm: str
    iterations: int
    residual: float
    tolerance: float
    damping_factor: float


@dataclass(frozen=True, eq=False)
class KeptRanking:
    """The current run of a measure of nodes, as the store keeps it.

    Attributes:
        kind: Name of the kind of result, see ``model/results.py``; its title and unit are shown.
        run: Id of the run.
        started_at: When it was calculated, with a zone.
        frame: One row per node, in any order: id, score, and label where known. The ten best are shown.
    """

    kind: str
    run: str
    started_at: datetime
    frame: pd.DataFrame


@dataclass(frozen=True, eq=False)
class FoundInfluencers:
    """A search for influencers.

    Attributes:
        result: What it found; None where it could not be made.
        missing: Why it could not.
    """

    result: Influencers | None
    missing: str = ""


@dataclass(frozen=True, eq=False)
class BondStory:
    """One bond over time.

    Attributes:
        consumer: Id of the consumer.
        brand: Id of the brand.
        score: The Fusion Score at ``as_of``, in points.
        contributions: One row per term: event_id, at, kind, touchpoint, direction, term (direct or
            spillover), via, points, decay, share, contribution, path.
        series: The score over time: at, score, event_id, label. Rows with an ``event_id`` are marked.
            Straight lines join the rows: a step has two of the same time, just before it and from it on.
        title: Heading; default "consumer and brand".
        text: A paragraph above the plots.
        campaigns: Those of the brand in the time of ``series``: campaign, at, kind, and their lift where it is kept.
    """

    consumer: str
    brand: str
    score: float
    contributions: pd.DataFrame
    series: pd.DataFrame | None = None
    title: str = ""
    text: str = ""
    campaigns: pd.DataFrame | None = None


@dataclass(frozen=True, eq=False)
class ReportData:
    """Everything that :func:`~influence_graph.reports.pages.report.render_report` needs.

    Attributes:
        version: Version of the program.
        generated_at: When the report was made, with a zone.
        title: Heading of the page; default: by what the data have.
        lead: A paragraph under it; default: the main findings as sentences.
        store: Address of the store, without user name or password.
        digest: Digest of all records.
        as_of: The time for which the scores stand.
        counts: Number of records per kind.
        influencers: PageRank: label, id, score, best first, and, where ties are ranked, linked_by and mutual: how
            many link to each person, and how many of them mutually. The first 15 are drawn.
        found: Who moves others beyond chance; None where nobody searched.
        convergence: Convergence of that ranking.
        rankings: The current run of each measure of nodes.
        bonds: consumer, brand, fusion_score, to_brand, to_consumer, reciprocity, display; any order.
        stories: Bonds to show event by event.
        sales: brand, date (a day without a zone), value; any order. The three brands that sold most are drawn.
        campaigns: brand, at: marked on the sales.
        touchpoints: touchpoint, direction, count: the number of interactions of each.
        runs: id, kind, status, started_at, finished_at, input_digest, version, parameters; newest first.
        commands: Lines for a shell that give the figures again.
        unknown_kinds: Number of interactions by kind that the touchpoint table does not list.
        names: Display names, for all sections.
        network: People and brands, and what joins them.
        changes: What changed since an earlier recalculation.
    """

    version: str
    generated_at: datetime
    title: str = ""
    lead: str = ""
    store: str = ""
    digest: str = ""
    as_of: datetime | None = None
    counts: Mapping[str, int] | None = None
    influencers: pd.DataFrame | None = None
    found: FoundInfluencers | None = None
    convergence: Convergence | None = None
    rankings: tuple[KeptRanking, ...] = ()
    bonds: pd.DataFrame | None = None
    stories: tuple[BondStory, ...] = ()
    sales: pd.DataFrame | None = None
    campaigns: pd.DataFrame | None = None
    touchpoints: pd.DataFrame | None = None
    runs: pd.DataFrame | None = None
    commands: str = ""
    names: NodeNames = NO_NAMES
    unknown_kinds: Mapping[str, int] = field(default_factory=dict)
    network: Network | None = None
    changes: Changes | None = None

    @property
    def of_ties(self) -> bool:
        """Whether the ranking is one of people by their ties; else it is one of who deals with whom."""
        return self.influencers is not None and "mutual" in self.influencers

    @property
    def of_friends(self) -> bool:
        """Whether all those ties are mutual, so that nobody follows anybody."""
        frame = self.influencers
        return frame is not None and "mutual" in frame and bool((frame["linked_by"] == frame["mutual"]).all())
