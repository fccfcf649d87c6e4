"""Campaigns on pages: in a table of a brand and in a list of a bond, with their lift and without one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from influence_graph.model.names import NO_NAMES
from influence_graph.reports.pages.brand import render_brand
from influence_graph.reports.pages.campaign_sections import NOT_CALCULATED, campaign_lines, campaigns
from tests.reports.html import HOSTILE, Page, assert_self_contained
from tests.reports.pages.test_brand import view

HIGHER = "higher, from day 2 on; with 1 other campaign in these days, not told apart"
START = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def plain() -> pd.DataFrame:
    """Return four campaigns a day apart."""
    rows = [(f"k{n}", START + timedelta(days=n), kind) for n, kind in enumerate(["ad", "concert", None, "gift"])]
    return pd.DataFrame(rows, columns=["campaign", "at", "kind"]).assign(before=[0, 1, 2, 3], after=1_000)


@pytest.fixture
def told(plain: pd.DataFrame) -> pd.DataFrame:
    """Return the same, one of a clear lift, one that cannot be told, one without an upper end, one later than all."""
    return plain.assign(
        lift=[120.0, None, -3.25, None],
        low=[20.0, None, -9.0, None],
        high=[220.0, None, None, None],
        relative=[12.5, None, None, None],
        p=[0.004, None, 0.6, None],
        status=["higher", "cannot tell", "no clear change", None],
        days=[14, 14, 14, None],
        outcome=["store_visits", "store_visits", "store_visits", None],
        lag=[2, None, None, None],
        reason=[None, "too few days", None, None],
        others=[1, 0, 0, None],
    )


def test_a_table_has_interactions_and_lift_of_each_campaign(told: pd.DataFrame) -> None:
    section = campaigns(told)
    assert section is not None
    assert section.text == (
        "Lift is how much higher store visits were over 14 days than without the campaign."
        " Of 2 tested, about 0.1 would look clear by chance. Before and after: interactions within a week."
    )
    (table,) = section.tables
    assert [len(row) for row in table.rows] == [len(table.columns)] * 4
    assert not table.folded
    assert [row[1:5] for row in table.rows] == [
        ["ad", "k0", "0", "1,000"],
        ["concert", "k1", "1", "1,000"],
        ["campaign", "k2", "2", "1,000"],
        ["gift", "k3", "3", "1,000"],
    ]
    assert table.rows[0][5:] == ["+120.0 (+20.0 to +220.0)", "+12.5", "0.004", HIGHER]
    assert table.rows[1][-1] == "cannot tell: too few days"
    assert table.rows[2][5].endswith("\N{MINUS SIGN}9.0 to not known)")
    assert table.rows[3][-1] == "later than the run of lift"


def test_without_a_run_it_says_how_to_get_one(plain: pd.DataFrame) -> None:
    section = campaigns(plain)
    assert section is not None
    assert section.text == f"{NOT_CALCULATED} Before and after: interactions within a week."
    assert "influence-graph lift all --write" in NOT_CALCULATED
    assert [len(row) for row in section.tables[0].rows] == [5] * 4
    assert campaign_lines(plain)[-2:] == ["gift on 2026-06-04.", NOT_CALCULATED]
    assert campaigns(plain.head(0)) is campaigns(None) is None
    assert campaign_lines(plain.head(0)) == campaign_lines(None) == []


def test_a_bond_lists_the_latest_campaigns_in_words(told: pd.DataFrame) -> None:
    assert campaign_lines(told) == [
        "ad on 2026-06-01: +120.0 (+20.0 to +220.0) store visits over 14 days, +12.5 %; p = 0.004: " + HIGHER + ".",
        "concert on 2026-06-02: cannot tell, too few days.",
        "campaign on 2026-06-03: \N{MINUS SIGN}3.2 (\N{MINUS SIGN}9.0 to not known) store visits over 14 days; p = 0.6:"
        " no clear change.",
        "gift on 2026-06-04.",
    ]
    many = pd.concat([told] * 3)
    assert campaign_lines(many)[-1] == "6 more before these."


@pytest.mark.parametrize("text", HOSTILE)
def test_the_page_of_a_brand_shows_them_whatever_they_are_called(told: pd.DataFrame, text: str) -> None:
    page = Page(render_brand([view()], NO_NAMES, campaigns=told.assign(campaign=text, kind=text, reason=text)))
    assert_self_contained(page)
    assert "campaigns" in page.values("section", "id")
