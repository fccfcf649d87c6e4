"""The page of all brands: complete, escaped, and right in what it says."""

from __future__ import annotations

import pytest

import influence_graph as ig
from influence_graph.model.names import NO_NAMES, NodeNames
from influence_graph.reports.pages.again import Origin
from influence_graph.reports.pages.brands import render_brands
from tests.analyses.brand.events import crowd, events
from tests.reports.html import HOSTILE, Page, assert_self_contained


def test_the_page_says_what_the_leaderboard_says() -> None:
    board = ig.brand_leaderboard(crowd(60))
    names = NodeNames(brands={"acme": "Acme & Sons"})
    page = Page(render_brands(board, names, Origin("./data", "influence-graph brands", "d1ge57")))
    assert_self_contained(page)
    assert page.values("section", "id") == ["leaderboard", "judgment", "voice", "peers", "provenance"]
    for sentence in board.sentences(names):
        assert sentence in page.text, sentence
    for row in board.brands.itertuples():
        assert f"{row.consumers:,}" in page.text
    for words in ("Acme & Sons", "influence-graph brands", "d1ge57", "cannot tell"):
        assert words in page.text, words
    assert any(text.startswith("Funnel plot.") for text in page.values("div", "aria-label"))


def test_many_brands_are_cut_and_it_is_said() -> None:
    frame = events(*[(n % 9, f"c{n % 11}", f"b{n // 11:03}", "wear") for n in range(11 * 140)])
    page = Page(render_brands(ig.brand_leaderboard(frame), NO_NAMES))
    assert "Brands: the first 100 of 140; `influence-graph brands --top 0` has all" in page.text
    assert page.text.count("b139") == 0


def test_one_brand_with_one_event_has_a_page() -> None:
    page = Page(render_brands(ig.brand_leaderboard(events((0, "a", "b", "review"))), NO_NAMES))
    assert "too few" in page.text
    assert "nan" not in page.text.casefold()
    assert not any(text.startswith("Funnel") for text in page.values("div", "aria-label"))


@pytest.mark.parametrize("name", [h for h in HOSTILE if len(h) < 500 and h.isprintable() and "|" not in h])
def test_hostile_names_are_shown_as_text(name: str) -> None:
    frame = crowd(30).assign(with_brands=None)
    frame["brand"] = frame["brand"].replace("acme", name)
    page = Page(render_brands(ig.brand_leaderboard(frame), NodeNames(brands={"bolt": name}), Origin(name, name, name)))
    assert_self_contained(page)
    assert page.tags.count("h1") == 1
