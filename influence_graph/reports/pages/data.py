"""What a report shows, as plain frames and values; every section without data is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Convergence:
    """How an iterative ranking ended: ``residual`` is the L1 change, ``tolerance`` its limit."""

    algorithm: str
    iterations: int
    residual: float
    tolerance: float
    damping_factor: float


@dataclass(frozen=True, eq=False)
class BondStory:
    """One bond told over time.

    Args:
        consumer: id of the consumer.
        brand: id of the brand.
        score: the Fusion Score at ``as_of``.
        contributions: one row per term: event_id, at, kind, touchpoint, direction, term (direct or
            spillover), via, points, decay, share, contribution, path.
        series: the score over time: at, score, event_id, label. Rows with an ``event_id`` are marked.
            It is drawn in steps: where scores fade, give rows between the events.
        title: heading; default "consumer and brand".
        text: a paragraph above the plots.
    """

    consumer: str
    brand: str
    score: float
    contributions: pd.DataFrame
    series: pd.DataFrame | None = None
    title: str = ""
    text: str = ""


@dataclass(frozen=True, eq=False)
class ReportData:
    """Everything that :func:`~influence_graph.reports.pages.report.render_report` needs.

    Args:
        version: version of the program.
        generated_at: when the report was made, with a zone.
        title: heading of the page.
        lead: a paragraph under it; default: the main findings in words.
        store: the store's address, without user name or password.
        digest: digest of all records.
        as_of: the time for which the scores stand.
        counts: number of records per kind.
        influencers: label, id, score, best first; ``name`` where known. The first 15 are drawn.
        convergence: how the ranking ended.
        bonds: consumer, brand, fusion_score, to_brand, to_consumer, reciprocity, display; any order.
        stories: bonds to tell in detail.
        touchpoints: touchpoint, direction, count: what the interactions were.
        runs: id, kind, status, started_at, finished_at, input_digest, version, parameters; newest first.
        parameters: parameters of the scores by name.
        names: display names by id, for all sections.
    """

    version: str
    generated_at: datetime
    title: str = "Who moves whom"
    lead: str = ""
    store: str = ""
    digest: str = ""
    as_of: datetime | None = None
    counts: Mapping[str, int] | None = None
    influencers: pd.DataFrame | None = None
    convergence: Convergence | None = None
    bonds: pd.DataFrame | None = None
    stories: tuple[BondStory, ...] = ()
    touchpoints: pd.DataFrame | None = None
    runs: pd.DataFrame | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
