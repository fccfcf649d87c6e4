"""Influencers on pages: who was found, why not, and the case of one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.model.names import NodeNames
from influence_graph.reports.pages.data import FoundInfluencers, ReportData
from influence_graph.reports.pages.influencer_sections import case_section, found_influencers
from tests.reports.svg import texts

NAMES = NodeNames({"june": "June", "a": "Ann"}, {"jeans": "Blue jeans"})
TIES = pd.DataFrame([("a", "june"), ("b", "june"), ("c", "a"), ("d", "e")], columns=["source", "target"])
DID = pd.DataFrame({"user": ["e", "june", "a", "c"], "item": "jeans", "time": [0.0, 1e5, 2e5, 3e5]})


@pytest.fixture(scope="module")
def result():
    return ig.find_influencers(TIES, DID, strata=[0] * 6)


def report(found: FoundInfluencers | None) -> ReportData:
    return ReportData(version="1", generated_at=datetime.now(UTC), found=found, names=NAMES)


def test_who_was_found_is_listed_with_name_amount_and_style(result):
    table = result.table.copy()
    june = list(result.ids).index("june")
    table.loc[june, ["status", "style", "reason"]] = "found", "passive", None
    table.loc[june, ["p", "q", "caused", "caused_low", "caused_high", "gamma"]] = 1e-4, 0.01, 12.0, 8.0, 15.0, 1.8
    table.loc[june, "rivals"] = "a"
    section = found_influencers(report(FoundInfluencers(replace(result, table=table))))
    row = section.tables[0].rows[0]
    assert row[:4] == ["June", "june", "passive", "12 (8 to 15)"]
    assert row[-1] == "Ann"
    assert "1 move others beyond chance" in section.points[0]
    assert any("This is no proof" in line for line in section.points)
    assert section.plots == []  # shares of a sum that is not clearly above 0
    assert section.tables[1].rows[0][-1] == "not clear"


def with_shares(result) -> ReportData:
    """Return a report in which June is found, and the sum of all influence is clear."""
    table = result.table.copy()
    june = list(result.ids).index("june")
    table.loc[june, ["status", "style", "reason"]] = "found", "active", None
    table.loc[june, ["p", "q", "caused", "caused_low", "caused_high", "gamma"]] = 1e-4, 0.01, 12.0, 8.0, 15.0, 1.8
    groups = result.groups.assign(share=0.25, share_low=0.1, share_high=0.4)
    lorenz = pd.DataFrame({"people": [0.0, 0.5, 1.0], "excess": [0.0, 0.2, 1.0]})
    return report(FoundInfluencers(replace(result, table=table, groups=groups, lorenz=lorenz)))


def test_shares_are_drawn_where_the_sum_is_clear(result):
    section = found_influencers(with_shares(result))
    assert "The 50% of people to whom fewest are exposed have 20% of all influence" in section.plots[1].note
    assert "+25.0 (+10.0 to +40.0)" in section.plots[0].alt


def test_where_nobody_can_be_tested_it_says_so_with_the_reasons(result):
    section = found_influencers(report(FoundInfluencers(result)))
    assert section.points[0] == "None of 6 people can be tested, so nothing is said of anybody."
    assert "which does not mean no" in section.points[1]
    assert section.tables == []


def test_what_cannot_be_searched_is_named_and_nothing_is_left_out():
    section = found_influencers(report(FoundInfluencers(None, "all 3 actions bear the same time")))
    assert section.points == ["Cannot be tested: all 3 actions bear the same time."]
    assert found_influencers(report(None)) is None


def test_the_case_of_a_person_has_the_lag_curve_and_who_came_after():
    case = ig.influencer_case("june", TIES, DID, strata=[0] * 6)
    section = case_section(case, NAMES)
    assert section.text.startswith("Whether June (june) moves others cannot be tested")
    assert "0-30 days after" in texts(section.plots[0].svg)
    assert "After, 1 time; it would be 0.8" in section.plots[0].note
    assert [len(lines) > 0 for lines in section.headed.values()] == [True] * 6
    assert section.tables[0].rows[0][:4] == ["Blue jeans", "jeans", "Ann", "a"]
    alone = case_section(ig.influencer_case("d", TIES, DID, strata=[0] * 6), NAMES)
    assert alone.plots == []
    assert np.size(alone.tables) == 0
