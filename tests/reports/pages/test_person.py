"""The page of a person: complete, escaped, and right in what it says."""

from __future__ import annotations

import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.model.names import NO_NAMES, NodeNames
from influence_graph.reports.pages.again import Origin
from influence_graph.reports.pages.person import render_person
from tests.analyses.brand.events import crowd, events
from tests.reports.html import HOSTILE, Page, assert_self_contained


def view(person: str = "c1") -> ig.PersonView:
    frame = crowd(14)
    frame["consumer"] = frame["consumer"].replace("c1", person)
    ties = pd.DataFrame({"source": ["c2", "c3", person], "target": [person, person, "c4"]})
    learned = pd.DataFrame({"source": [person], "target": ["c2"], "probability": [0.25], "mean_delay": [86_400.0]})
    return ig.person_view(frame, person, records=ig.PersonRecords(ties=ties, learned=learned, run="learned by run 1"))


def test_the_page_says_what_the_view_says() -> None:
    found = view()
    names = NodeNames({"c1": "Zoe", "c2": "Bo"}, {"acme": "Acme & Sons"})
    page = Page(render_person(found, names, Origin("./data", "influence-graph person c1", "d1ge57")))
    assert_self_contained(page)
    anchors = ["giving", "influence", "image", "history", "method", "provenance"]
    assert page.values("section", "id") == anchors
    for heading, sentences in found.sections(names).items():
        for sentence in sentences if heading != "Declared" else []:
            assert sentence in page.text, sentence
    for words in ("Zoe (c1) has", "Acme & Sons", "Bo", "0.25", "influence-graph person c1", "d1ge57"):
        assert words in page.text, words
    described = page.values("div", "aria-label")
    assert len([text for text in described if text.startswith(("Bars", "Lines"))]) >= 6


def test_a_person_without_interactions_or_dates_has_a_page() -> None:
    ties = pd.DataFrame({"source": ["a"], "target": ["quiet"]})
    quiet = ig.person_view(events((0, "a", "x", "wear")), "quiet", records=ig.PersonRecords(ties=ties))
    page = Page(render_person(quiet, NO_NAMES))
    assert "No interaction with any brand is on record." in page.text
    assert page.values("section", "id") == ["giving", "influence", "history", "method", "provenance"]
    undated = crowd(20).assign(at=crowd(1)["at"].iloc[0])
    flat = Page(render_person(ig.person_view(undated, "c1"), NO_NAMES))
    assert "all 240 records bear the same time" in flat.text
    assert "nan" not in flat.text.casefold().replace("finance", "")


@pytest.mark.parametrize("name", [h for h in HOSTILE if len(h) < 500 and h.isprintable()])
def test_hostile_names_are_shown_as_text(name: str) -> None:
    found = view(name.strip())
    page = Page(render_person(found, NodeNames({"c2": name}, {"acme": name}), Origin(name, name, name)))
    assert_self_contained(page)
    assert page.tags.count("h1") == 1
