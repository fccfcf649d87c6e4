"""The one page writer: a head, tiles, sections; everything escaped, nothing loaded."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version

import pytest

from influence_graph.reports.pages.page import Page, render_page
from influence_graph.reports.pages.parts import Section, Table
from influence_graph.reports.plots import Plot
from tests.reports.html import HOSTILE, assert_self_contained
from tests.reports.html import Page as Html

PLOT = Plot("<svg></svg>", "A plot.", "Its title", "Its note")


def page(*sections: Section, **more: object) -> Html:
    return Html(render_page(Page("Title", list(sections), **more)))  # type: ignore[arg-type]


def test_a_page_without_anything_has_its_title_and_version() -> None:
    html = page()
    assert_self_contained(html)
    assert html.tags.count("h1") == html.tags.count("title") == 1
    assert not {"nav", "dl", "section", "h2"} & set(html.tags)
    assert f"Made by influence_graph {version('influence-graph')}." in html.text
    assert "Scores as of" not in html.text


def test_the_head_says_when_from_where_and_how_many() -> None:
    moment = datetime(2026, 6, 6, 20, 5, tzinfo=UTC)
    html = page(generated_at=moment, as_of=moment, store="./data", tiles=[(12345, "people")], version="1.2")
    for words in (
        "Scores as of 2026-06-06 20:05 UTC · made 2026-06-06 20:05 UTC · version 1.2",
        "people 12,345",
        "Made by influence_graph 1.2 from ./data.",
    ):
        assert words in html.text, words


def test_several_sections_have_a_list_of_links_and_one_has_none() -> None:
    one, two = Section("a", "First"), Section("b", "Second")
    assert "nav" not in page(one).tags
    both = page(one, two)
    assert both.values("section", "id") == ["a", "b"]
    assert both.values("a", "href") == ["#main", "#a", "#b"]
    assert both.values("section", "aria-labelledby") == ["a-heading", "b-heading"] == both.values("h2", "id")


def test_a_section_without_a_heading_points_to_none() -> None:
    html = page(Section("a", plots=[PLOT]))
    assert "h2" not in html.tags
    assert html.values("section", "aria-labelledby") == []


def test_a_plot_has_its_title_its_words_and_its_note() -> None:
    html = page(Section("a", "First", plots=[PLOT], columns=True))
    assert html.values("div", "aria-label") == ["A plot."]
    assert "Its title Its note" in html.text
    assert "columns" in html.values("div", "class")


def test_a_table_sets_numbers_right_and_is_open_or_folded() -> None:
    table = Table("Caption", ["name", "value"], [["a", "1"], ["b", "2"]], frozenset({1}), folded=False)
    html = page(Section("a", "First", tables=[table]))
    assert "Caption name value a 1 b 2" in html.text
    assert html.values("th", "class") + html.values("td", "class") == ["number"] * 3
    assert html.values("details", "open") == [""]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_everything_but_plots_is_escaped(name: str) -> None:
    section = Section("a", name, name, [Plot("<svg></svg>", name, name, name)], [Table(name, [name], [[name]])])
    html = Html(render_page(Page(name, [section, section], name, [(1, name)], store=name, version=name)))
    assert_self_contained(html)
    assert html.tags.count("h1") == 1
    assert html.tags.count("section") == 2
