"""Sections of the brand page: each says what its part of the view says, as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pandas as pd
import pytest

from influence_graph.analyses.brand.view import BrandRecords, BrandView, brand_view
from influence_graph.model.names import NO_NAMES, NodeNames
from influence_graph.reports.pages import brand_sections as sections
from influence_graph.reports.pages.parts import Section
from influence_graph.reports.words import range_text, signed
from tests.reports.pages.test_brand import START, interactions, view
from tests.reports.svg import texts

full = cache(view)


@cache
def single() -> BrandView:
    """Return the view of a brand with one event."""
    return brand_view(interactions().head(1).assign(brand="acme", with_brands=None), "acme")


def test_two_brands_stand_side_by_side_with_the_measures_of_both() -> None:
    section = sections.comparison([full(), full("bolt", "acme")], NodeNames(brands={"acme": "Acme"}))
    (table,) = section.tables
    assert table.columns[1:3] == ["Acme", "bolt"]
    assert not table.folded
    by_name = {row[0]: row for row in table.rows}
    assert len(by_name) == len(table.rows) > 10
    swapped = sections.comparison([full("bolt", "acme"), full()], NodeNames(brands={"acme": "Acme"}))
    for row in swapped.tables[0].rows:
        assert by_name[row[0]][1:3] == row[2:0:-1]


def test_two_brands_of_one_name_are_distinguished() -> None:
    section = sections.comparison(
        [full(), full("bolt", "acme")], NodeNames(brands={"acme": "The brand", "bolt": "The brand"})
    )
    assert section.tables[0].columns[1:3] == ["The brand (acme)", "The brand (bolt)"]


def test_health_lists_the_quantiles_with_their_intervals() -> None:
    part = full().health
    section = sections.health(full(), "Acme")
    rows = section.tables[0].rows
    assert [row[0] for row in rows] == [f"{share:.0%}" for share in part.quantiles["quantile"]]
    assert [row[1] for row in rows] == [signed(value) for value in part.quantiles["value"]]
    assert section.points == part.sentences()
    assert len(section.plots) == 2


def test_judgment_counts_every_touchpoint() -> None:
    part = full().judgment
    section = sections.judgment(full())
    counted = {row[0]: [int(cell.replace(",", "")) for cell in row[1:4]] for row in section.tables[0].rows}
    for _, row in part.touchpoints.iterrows():
        assert counted[row["touchpoint"].replace("_", " ")] == [row["positive"], row["neutral"], row["negative"]]
    assert len(counted) == len(part.touchpoints)
    assert any("description, not proof" in plot.note for plot in section.plots)


def test_profit_has_a_bar_for_each_number_of_days_and_the_sales_of_each_segment() -> None:
    section = sections.profit(full())
    (table,) = section.tables
    assert table.rows == [["bolt", "1", "2026-01-02", "2026-01-02", "5", "5"]]
    shown = texts(section.plots[0].svg)
    frequency = full().profit.frequency
    assert sum(frequency["customers"]) > 0
    assert {range_text(low, high) for low, high in frequency[["from", "to"]].to_numpy().tolist()} <= set(shown)


@pytest.mark.parametrize(
    ("low", "high", "shown"), [(1, 1, "1"), (2, 4, "2 to 4"), (9, None, "9 or more"), (9, float("nan"), "9 or more")]
)
def test_ranges_of_days_are_written_as_readers_do(low: int, high: object, shown: str) -> None:
    assert range_text(low, high) == shown


def test_carriers_share_the_positive_bonds_and_influencers_are_marked() -> None:
    section = sections.carriers(full(), NodeNames({"c1": "Zoe"}))
    assert section is not None
    rows = section.tables[0].rows
    assert [row[1] for row in rows] == full().carriers.strongest["consumer"].astype(str).tolist()
    shares = [float(row[3].rstrip("%")) for row in rows]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 100.5
    marked = {row[1] for row in rows if row[4] == "yes"}
    assert marked <= {"c1"}
    assert bool(section.plots[1].note) == bool(marked)


def test_a_brand_whose_bonds_are_all_below_zero_is_carried_by_nobody() -> None:
    bad = interactions().assign(kind="complaint", with_brands=None)
    assert sections.carriers(brand_view(bad, "acme"), NO_NAMES) is None


def test_neighbors_are_listed_with_what_they_share() -> None:
    section = sections.neighbors(full(), NodeNames(brands={"bolt": "Bolt & Co"}))
    (row,) = section.tables[0].rows
    brand = full().neighbors.brands.iloc[0]
    assert row[:5] == ["Bolt & Co", "bolt", *(f"{brand[name]:,.0f}" for name in ("shared", "named", "audience"))]
    assert float(row[5]) == pytest.approx(brand["jaccard"], abs=5e-4)
    assert len(section.plots) == 2
    assert any("Bolt & Co (bolt)" in sentence for sentence in section.points)


def test_a_brand_alone_has_no_neighbors_to_draw() -> None:
    section = sections.neighbors(single(), NO_NAMES)
    assert (section.plots, section.tables) == ([], [])
    assert section.points


def test_every_measure_has_its_method() -> None:
    section = sections.method(full())
    (methods,) = section.tables
    assert all(row[0] and row[4] for row in methods.rows)
    assert len({row[0] for row in methods.rows}) == len(methods.rows)


@pytest.mark.parametrize(
    "build",
    [
        lambda found: sections.health(found, "Acme"),
        sections.judgment,
        sections.profit,
        lambda found: sections.neighbors(found, NO_NAMES),
        sections.method,
    ],
)
def test_one_event_is_enough_for_a_section_and_too_few_for_an_estimate(build: object) -> None:
    assert callable(build)
    section = build(single())
    assert isinstance(section, Section)
    cells = [cell for table in section.tables for row in table.rows for cell in row]
    assert "nan" not in " ".join(cells).lower()


def test_names_with_unprintable_characters_are_shown_without_them() -> None:
    records = BrandRecords(
        sales=pd.DataFrame({"brand": "acme", "date": ["2026-01-02"], "value": [5.0], "segment": "a\x1bb\n"})
    )
    found = brand_view(interactions(), "acme", records=records)
    assert sections.profit(found).tables[0].rows[0][0] == "a b "


def test_the_after_effect_of_complaints_needs_complaints_that_were_answered() -> None:
    happy = brand_view(interactions().assign(kind="wear", with_brands=None), "acme")
    section = sections.judgment(happy)
    assert all("complaint" not in plot.title for plot in section.plots)
    with_some = sections.judgment(full())
    assert len(with_some.plots) == len(section.plots) + 1


def test_the_trend_marks_the_campaigns_of_the_brand() -> None:
    with_one = sections.health(full(), "Acme").plots[0]
    none = replace(full(), campaigns=full().campaigns.head(0))
    without = sections.health(none, "Acme").plots[0]
    assert with_one.svg != without.svg
    assert full().campaigns["at"].iloc[0] == START + timedelta(days=50)
