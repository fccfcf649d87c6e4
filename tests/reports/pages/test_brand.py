"""The brand page: complete, escaped, and right in what it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from influence_graph.analyses.brand.view import BrandRecords, BrandView, brand_view
from influence_graph.model.names import NO_NAMES, NodeNames
from influence_graph.reports.pages.again import NO_ORIGIN, Origin
from influence_graph.reports.pages.brand import render_brand
from tests.reports.html import HOSTILE, Page, assert_self_contained

START = datetime(2026, 1, 1, tzinfo=UTC)


def interactions(brand: str = "acme", other: str = "bolt", people: int = 60) -> pd.DataFrame:
    rng, count = np.random.default_rng(7), people * 12
    kinds = rng.choice(["purchase", "wear", "complaint", "recovery", "review"], count)
    strength = rng.gamma(2, 3, count)
    return pd.DataFrame(
        {
            "event_id": [f"e{n}" for n in range(count)],
            "at": [START + timedelta(days=day) for day in rng.uniform(0, 200, count)],
            "consumer": [f"c{n}" for n in rng.integers(0, people, count)],
            "brand": [(brand, other)[n] for n in rng.integers(0, 2, count)],
            "kind": kinds,
            "weight": strength,
            "value": np.where(kinds == "purchase", 10 * strength, np.nan),
            "with_brands": [[other] if share < 0.1 else None for share in rng.random(count)],
        }
    )


def view(brand: str = "acme", other: str = "bolt", people: int = 60) -> BrandView:
    sales = pd.DataFrame({"brand": brand, "date": ["2026-01-02"], "value": [5.0], "segment": other})
    campaigns = pd.DataFrame({"brand": [brand], "at": [START + timedelta(days=50)], "kind": [brand], "note": [brand]})
    records = BrandRecords(
        sales=sales, campaigns=campaigns, people=pd.DataFrame({"id": ["c1"], "kind": ["influencer"]})
    )
    return brand_view(interactions(brand, other, people), brand, records=records)


def test_the_page_has_every_section_and_says_what_the_view_says() -> None:
    one, two = view(), view("bolt", "acme")
    page = Page(render_brand([one, two], NodeNames({"c1": "Zoe"}, {"acme": "Acme & Sons"})))
    assert_self_contained(page)
    sections = ["comparison", "health", "sales", "judgment", "votes", "profit", "carriers", "neighbors", "method"]
    sections.append("provenance")
    assert page.values("section", "id") == sections
    assert page.tags.count("svg") == 24  # 12 plots, each for wide and for narrow pages
    for words in ("Acme & Sons and bolt", f"{one.health.count} bonds", "not distinguishable from 0"):
        assert words in page.text, words
    marked = [label for label in page.values("div", "aria-label") if label.endswith("Dashed: 1 campaign.")]
    assert [label.split(" of ")[0] for label in marked] == ["Lines", "Bars"]
    for sentences in one.sections().values():
        for sentence in sentences:
            assert sentence in page.text


def test_one_brand_has_no_comparison_and_a_brand_with_one_event_still_a_page() -> None:
    assert "comparison" not in Page(render_brand([view()], NO_NAMES)).values("section", "id")
    single = interactions().head(1).assign(brand="acme", with_brands=None)
    page = Page(render_brand([brand_view(single, "acme")], NO_NAMES))
    assert "too few observations" in page.text
    assert "nan" not in page.text.casefold()


@pytest.mark.parametrize("name", [h for h in HOSTILE if len(h) < 500], ids=range(len(HOSTILE) - 1))
def test_hostile_names_are_shown_as_text(name: str) -> None:
    views = [view(name, f"{name}2", people=15), view(f"{name}2", name, people=15)]  # enough for every section
    html = render_brand(views, NodeNames({"c1": name}, {"acme": name}), Origin(name, name, name))
    page = Page(html)
    assert_self_contained(page)
    assert page.tags.count("h1") == 1


def test_the_same_view_gives_the_same_page() -> None:
    assert render_brand([view()], NO_NAMES, NO_ORIGIN, START) == render_brand([view()], NO_NAMES, NO_ORIGIN, START)
