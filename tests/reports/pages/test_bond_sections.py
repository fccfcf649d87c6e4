"""Sections on bonds: the strongest and the most damaged, and one bond term by term."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.model.names import NodeNames
from influence_graph.reports.pages.bond_sections import bond_overview, bond_terms, score_over_time
from influence_graph.reports.pages.data import BondStory, ReportData
from influence_graph.reports.words import signed
from tests.reports.conftest import CONCERT, bonds, contributions, series
from tests.reports.svg import texts

Make = Callable[..., ReportData]


def with_scores(scores: list[float]) -> pd.DataFrame:
    return bonds(len(scores)).assign(fusion_score=scores)


def test_ten_strongest_and_ten_most_damaged_are_listed_best_first(make: Make) -> None:
    scores = list(range(-30, 30))
    section = bond_overview(make(bonds=with_scores([float(score) for score in scores])))
    assert section is not None
    assert [row[4] for row in section.tables[0].rows] == [
        signed(value) for value in (*range(29, 19, -1), *range(-21, -31, -1))
    ]
    assert [plot.title for plot in section.plots] == ["Strongest", "Most damaged"]


@settings(deadline=None, max_examples=10)
@given(st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=25))
def test_no_bond_is_listed_twice_and_none_of_few_is_left_out(scores: list[float]) -> None:
    from datetime import UTC, datetime

    report = ReportData(version="1", generated_at=datetime(2026, 1, 1, tzinfo=UTC), bonds=with_scores(scores))
    section = bond_overview(report)
    assert section is not None
    listed = [row[0] for row in section.tables[0].rows]
    assert len(set(listed)) == len(listed)
    damaged = sum(score < 0 for score in scores)
    expected = min(10, len(scores)) + min(10, damaged, max(0, len(scores) - 10))
    assert len(listed) == expected
    assert len(section.plots) == 1 + bool(damaged)


def test_only_good_bonds_have_no_plot_of_damaged_ones(make: Make) -> None:
    section = bond_overview(make(bonds=with_scores([3.0, 2.0])))
    assert section is not None
    assert [plot.title for plot in section.plots] == ["Strongest"]
    assert bond_overview(make(bonds=None)) is None
    assert bond_overview(make(bonds=with_scores([]))) is None


def terms(values: list[float]) -> pd.DataFrame:
    first = contributions().head(1)
    rows = [first.assign(event_id=f"e{n}", contribution=value) for n, value in enumerate(values)]
    return pd.concat(rows, ignore_index=True) if rows else first.head(0)


def story(values: list[float]) -> BondStory:
    return BondStory("singer", "sweater", sum(values), terms(values), None)


def test_a_story_is_the_sum_of_its_two_terms(make: Make) -> None:
    section = bond_terms(make(), 0)
    assert section.heading == "The singer's week"
    assert section.text == "The Fusion Score of The pop singer (singer) and sweater is +1.0."
    assert [(row[1], row[4], row[7]) for row in section.tables[0].rows] == [
        ("wear", "+3.0", "+3.0"), ("complaint", "−8.0", "−2.0")
    ]  # fmt: skip
    assert section.tables[0].caption == "All terms"
    assert not section.tables[0].folded
    assert len(section.plots) == 2


def test_the_largest_terms_are_drawn_in_their_order_and_the_others_as_one_bar(make: Make) -> None:
    values = [0.1 * n * (-1) ** n for n in range(1, 41)]
    section = bond_terms(make(stories=(story(values),)), 0)
    (plot,) = section.plots
    small = sum(sorted(values, key=abs)[:28])
    assert f"28 smaller terms {signed(small)}" in plot.alt
    assert f"together {signed(sum(values))}" in plot.alt
    drawn = [float(word.replace("−", "-")) for word in texts(plot.svg) if word[:1] in "+−" and "." in word]
    assert sum(drawn) == pytest.approx(2 * sum(values), abs=0.05)  # the terms, and their sum
    assert section.tables[0].caption == "All terms"
    assert section.tables[0].folded


def test_more_than_fifty_terms_are_listed_in_part_and_said_so(make: Make) -> None:
    section = bond_terms(make(stories=(story([1.0] * 60),)), 0)
    assert section.tables[0].caption == "The first 50 of 60 terms"
    assert len(section.tables[0].rows) == 50


def test_a_bond_without_terms_has_a_section_without_a_plot(make: Make) -> None:
    section = bond_terms(make(stories=(story([]),)), 0)
    assert section.plots == []
    assert section.tables[0].rows == []


def test_a_bond_without_a_series_has_no_line() -> None:
    assert score_over_time(story([1.0])) is None
    assert score_over_time(BondStory("a", "b", 1.0, terms([1.0]), series().head(0))) is None
    line = score_over_time(BondStory("a", "b", 1.0, terms([1.0]), series()))
    assert line is not None
    assert "+3.0 on 2026-06-06" in line.alt


def test_terms_through_another_brand_name_it(make: Make) -> None:
    frame = contributions().assign(via=["", "restaurant"], at=CONCERT)
    spilled = BondStory("singer", "sweater", 1.0, frame, None)
    (plot,) = bond_terms(make(stories=(spilled,), names=NodeNames(brands={"restaurant": "The Fish House"})), 0).plots
    assert "2026-06-06 complaint via The Fish House" in texts(plot.svg)


def test_a_damaged_bond_is_drawn_below_zero(make: Make) -> None:
    section = bond_overview(make(bonds=with_scores([-3.0, -1.0])))
    assert section is not None
    assert [plot.title for plot in section.plots] == ["Strongest", "Most damaged"]
    assert np.isclose(float(section.tables[0].rows[0][4].replace("−", "-")), -1.0)
