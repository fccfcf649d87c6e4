"""The brand page: one brand, or two side by side, as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from influence_graph.analyses.intervals import estimate_text
from influence_graph.model.names import BRAND, NodeNames
from influence_graph.reports.pages import brand_sections, campaign_sections
from influence_graph.reports.pages.again import NO_ORIGIN, Origin, again
from influence_graph.reports.pages.page import Page, render_page
from influence_graph.reports.pages.parts import Section
from influence_graph.reports.words import display_name, name_and_id, signed
from influence_graph.text import count_text

if TYPE_CHECKING:
    import pandas as pd

    from influence_graph.analyses.brand.view import BrandView


def render_brand(
    views: Sequence[BrandView],
    names: NodeNames,
    origin: Origin = NO_ORIGIN,
    generated_at: datetime | None = None,
    campaigns: pd.DataFrame | None = None,
) -> str:
    """Return the first of *views*, and how it compares with the second where there is one, as an HTML page.

    Args:
        views: One or two views, as of the same time.
        names: Names of the brands and consumers.
        origin: Where the figures come from, and the neighborhood to draw.
        generated_at: When the page was made, with a zone; default now.
        campaigns: Campaigns of the first: campaign, at, kind, before and after (interactions), and their lift where it
            is kept.
    """
    view = views[0]
    name = display_name(names, BRAND, view.brand)
    sections = [
        brand_sections.comparison(views, names) if len(views) > 1 else None,
        brand_sections.health(view, name),
        brand_sections.sales_over_time(view),
        campaign_sections.campaigns(campaigns),
        brand_sections.judgment(view),
        brand_sections.votes(view),
        brand_sections.profit(view),
        brand_sections.carriers(view, names),
        brand_sections.neighbors(view, names),
        None if origin.network is None else Section("network", "Consumers and their bonds", network=origin.network),
        brand_sections.method(view),
        again(origin, view.as_of, view.unknown_kinds),
    ]
    return render_page(
        Page(
            title=f"{name} and {display_name(names, BRAND, views[1].brand)}" if len(views) > 1 else name,
            sections=[section for section in sections if section is not None],
            lead=_main_findings(view, name_and_id(names, BRAND, view.brand)),
            tiles=_tiles(view),
            generated_at=generated_at or datetime.now(UTC),
            as_of=view.as_of,
            store=origin.store,
        )
    )


def _tiles(view: BrandView) -> list[tuple[int, str]]:
    return [
        (view.health.count, "bonds"),
        (view.judgment.given, "from consumers"),
        (view.judgment.received, "from the brand"),
        (view.judgment.recovery.complaints, "complaints"),
        (view.profit.count, "customers"),
    ]


def _main_findings(view: BrandView, name: str) -> str:
    health = view.health
    bonds = count_text(health.count, "bond")
    sentences = [f"{name} has {bonds} with a sum of {signed(health.total, 1)}."]
    if health.positive is not None and health.negative is not None:
        sentences.append(f"{health.positive.value:.0%} of them are positive, {health.negative.value:.0%} negative.")
    if health.at_risk.share is not None:
        at_risk = estimate_text(health.at_risk.share, "{:.0%}")
        of = count_text(health.at_risk.count, "consumer")
        sentences.append(f"{at_risk} of {of} are at risk: overdue, or falling by events.")
    return " ".join(sentences)
