"""The brand page: one brand, or two side by side, as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from influence_graph.analyses.intervals import estimate_text
from influence_graph.reports.pages import brand_sections
from influence_graph.reports.pages.report import page_template
from influence_graph.reports.words import clean, count, minute, named, signed

if TYPE_CHECKING:
    from influence_graph.analyses.brand.view import BrandView


def render_brand(
    views: Sequence[BrandView], names: Mapping[str, str], store: str = "", generated_at: datetime | None = None
) -> str:
    """Return the first of *views*, and how it compares with the second where there is one, as an HTML page.

    Args:
        views: One or two views, as of the same time.
        names: Display names of brands and consumers by id.
        store: Address of the store, shown at the foot.
        generated_at: When the page was made, with a zone; default now.
    """
    view = views[0]
    name = named(names, view.brand)
    title = f"{name} and {named(names, views[1].brand)}" if len(views) > 1 else name
    parts = [
        brand_sections.comparison(views, names) if len(views) > 1 else None,
        brand_sections.health(view, name),
        brand_sections.judgment(view),
        brand_sections.profit(view),
        brand_sections.carriers(view, names),
        brand_sections.neighbors(view, names),
        brand_sections.method(view),
    ]
    return page_template().render(
        title=clean(title),
        lead=_lead(view, name),
        made=minute(generated_at or datetime.now(UTC)),
        as_of=minute(view.as_of),
        version=version("influence-graph"),
        store=clean(store),
        counts=_tiles(view),
        sections=[part for part in parts if part is not None],
    )


def _tiles(view: BrandView) -> list[tuple[str, str]]:
    shown = [
        (view.health.count, "bonds"),
        (view.judgment.given, "from consumers"),
        (view.judgment.received, "from the brand"),
        (view.judgment.recovery.complaints, "complaints"),
        (view.profit.count, "customers"),
    ]
    return [(count(number), word) for number, word in shown]


def _lead(view: BrandView, name: str) -> str:
    health = view.health
    said = [f"{name} holds {count(health.count)} bonds, together {signed(health.total, 1)}."]
    if health.positive is not None and health.negative is not None:
        said.append(f"{health.positive.value:.0%} of them are positive, {health.negative.value:.0%} negative.")
    if health.at_risk is not None:
        said.append(f"{estimate_text(health.at_risk, '{:.0%}')} of those that were positive 90 days ago are at risk.")
    return " ".join(said)
