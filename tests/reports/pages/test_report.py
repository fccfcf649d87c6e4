"""The page: self-contained, escaped, complete, and right in what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from influence_graph.errors import NotFound
from influence_graph.model import results
from influence_graph.model.names import NodeNames, ids_in
from influence_graph.reports.pages.data import BondStory, Convergence, KeptRanking, ReportData
from influence_graph.reports.pages.report import main_findings, render_report
from influence_graph.reports.pages.rows import shown_rows
from tests.reports.conftest import bonds, contributions, influencers, network
from tests.reports.html import HOSTILE, Page, assert_self_contained

Make = Callable[..., ReportData]
WHEN = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_full_report_has_every_section_and_loads_nothing(make: Make) -> None:
    html = render_report(make())
    page = Page(html)
    assert_self_contained(page)
    assert "http" not in re.sub("<!--.*?-->", "", html, flags=re.DOTALL).replace("http-equiv", "")  # but in licenses
    assert "@import" not in html
    anchors = page.values("section", "id")
    assert anchors == ["influence", "network", "story-1", "bonds", "overview", "kept-rankings", "provenance"]
    assert page.values("a", "href") == ["#main", *(f"#{anchor}" for anchor in anchors)]
    assert page.tags.count("svg") == 2 * 7  # for wide pages and for narrow ones
    assert len(html) < 800_000


def test_the_page_says_what_the_data_say(make: Make) -> None:
    page = Page(render_report(make()))
    scores = bonds()["fusion_score"]
    for words in (
        "PageRank converged after 17 iterations: residual 3.1e-11 (L1), limit 1e-10, damping 0.85.",
        f"60 bonds, {(scores < 0).sum()} of them below zero",
        "1,020",
        "92,834",
        "2026-06-13 20:00 UTC",
        "d1ge57",
        "influence-graph report --store here",
        "The Fusion Score of The pop singer (singer) and sweater is +1.0.",
        "Zoe Wolf",
        '{"damping_factor": 0.85}',
    ):
        assert words in page.text, words


def test_every_plot_has_words_for_those_who_cannot_see_it(make: Make) -> None:
    page = Page(render_report(make()))
    plots = [(tag, value) for tag, name, value in page.attributes if name == "aria-label" and tag == "div"]
    described = [value for _, value in plots]
    assert sum("Bars" in value or "bars" in value for value in described) >= 4
    assert any(
        "Waterfall of terms: 2026-06-06 wear +3.0, 2026-06-13 complaint via restaurant −2.0; together +1.0" in v
        for v in described
    )
    assert any("+3.0 on 2026-06-06, +1.0 on 2026-06-13" in value for value in described)
    assert page.values("html", "lang") == ["en"]
    assert page.tags.count("h1") == 1


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_are_shown_as_text(make: Make, name: str) -> None:
    frame = contributions().assign(kind=name, via=name, path=name, event_id=name)
    story = BondStory(name, name, 1.0, frame, None, title=name, text=name)
    hostile_bonds = bonds(3).assign(consumer=name, brand=[f"{name}{n}" for n in range(3)])
    html = render_report(
        make(
            title=name,
            lead=name,
            store=name,
            digest=name,
            version=name,
            stories=(story,),
            influencers=influencers([name, f"{name}2", name]),
            bonds=hostile_bonds,
            network=network((name, name)),
            touchpoints=pd.DataFrame({"touchpoint": [name], "direction": [name], "count": [3]}),
            names=NodeNames(consumers={"p0": name}),
            commands=name,
            rankings=(KeptRanking("rank", name, WHEN, influencers([name, f"{name}2"])),),
            counts={name: 3},
        )
    )
    page = Page(html)
    assert_self_contained(page)
    assert page.tags.count("h1") == 1
    assert name[:20].replace("\x1b", " ").replace("\x00", " ").replace("\u202e", " ").split()[0] in page.text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", html)


def test_sections_without_data_are_left_out() -> None:
    html = render_report(ReportData(version="1", generated_at=WHEN))
    page = Page(html)
    assert page.values("section", "id") == ["provenance"]
    assert "svg" not in page.tags
    assert "Scores as of" not in page.text


@pytest.mark.parametrize(
    "field", ["influencers", "bonds", "touchpoints", "runs", "convergence", "counts", "as_of", "rankings", "network"]
)
def test_any_part_may_be_missing_or_empty(make: Make, field: str) -> None:
    full = make()
    assert_self_contained(Page(render_report(make(**{field: () if field == "rankings" else None}))))
    value = getattr(full, field)
    if isinstance(value, pd.DataFrame):
        assert_self_contained(Page(render_report(make(**{field: value.head(0)}))))


@pytest.mark.parametrize("scores", [[0.0], [1.5, 1.5], [-3.0], [1e-12, -1e-12], [1e9, -1e9, 0.0]])
def test_bonds_of_any_spread_are_drawn(make: Make, scores: list[float]) -> None:
    frame = bonds(len(scores)).assign(fusion_score=scores)
    page = Page(render_report(make(bonds=frame)))
    assert "NaN" not in page.text
    assert ("1 bond," if len(scores) == 1 else f"{len(scores)} bonds,") in page.text


def test_a_ranking_that_did_not_converge_says_so(make: Make) -> None:
    page = Page(render_report(make(convergence=Convergence("PageRank", 5, 0.2, 1e-10, 0.85))))
    assert "PageRank did not converge after 5 iterations: residual 2.0e-01" in page.text


def test_two_bonds_of_one_name_stay_two_bars(make: Make) -> None:
    frame = bonds(2).assign(fusion_score=[2.0, 1.0])
    page = Page(render_report(make(bonds=frame, names=NodeNames(consumers={"p0": "Ada", "p1": "Ada"}))))
    assert "Ada · sweater (p0, sweater)" in page.text
    assert "Ada · sweater (p1, sweater)" in page.text


def test_many_terms_become_the_largest_and_a_rest_that_adds_up(make: Make) -> None:
    frame = pd.concat([contributions()] * 20, ignore_index=True).assign(event_id=[f"e{n}" for n in range(40)])
    story = BondStory("singer", "sweater", float(frame["contribution"].sum()), frame)
    page = Page(render_report(make(stories=(story,))))
    assert "28 smaller terms" in page.text
    assert any("together +20.0" in value for value in page.values("div", "aria-label"))


def test_findings_name_the_best_and_the_worst(make: Make) -> None:
    frame = bonds(3).assign(fusion_score=[1.0, -4.25, 7.5])
    assert main_findings(make(bonds=frame)) == (
        "Zoe Wolf (p0) carries the most influence: the highest PageRank of who follows whom, with links from 3 others, "
        "1 of them mutual. The strongest bond is p2 and sweater at +7.5. "
        "The most damaged is p1 and sweater at −4.25."
    )


def test_the_same_data_give_the_same_page(make: Make) -> None:
    assert render_report(make()) == render_report(make())


def toy_ranking(count: int = 12) -> KeptRanking:
    frame = pd.DataFrame({"id": [f"t{n:02}" for n in range(count)], "label": "Consumer", "score": range(count)})
    return KeptRanking("toy", "run-7", WHEN, frame)


def test_a_measure_of_the_table_of_results_is_found_in_the_report(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(results.RESULTS, "toy", results.of_nodes("toy", "Toy measure", "toy", ("ties",), unit="toys"))
    page = Page(render_report(make(rankings=(toy_ranking(),), names=NodeNames(consumers={"t11": "Tom Toy"}))))
    assert "Toy measure: run run-7 of 2026-01-01" in page.text
    assert "rank name id label score (toys) 1 Tom Toy t11 Consumer 11 2 t10 t10 Consumer 10" in page.text
    assert "10 t02 t02 Consumer 2" in page.text
    assert "t01" not in page.text


def test_kept_rankings_are_in_order_and_many_are_folded(make: Make) -> None:
    frame = influencers(["p1", "p2"])
    kinds = ["psi", "reach", "hub"]
    kept = tuple(KeptRanking(kind, f"run-{kind}", WHEN, frame) for kind in kinds)
    page = Page(render_report(make(rankings=kept)))
    places = [page.text.index(f"{results.RESULTS[kind].title}: run run-{kind} of") for kind in kinds]
    assert places == sorted(places)
    few, many = (Page(render_report(make(rankings=kept[:n]))) for n in (2, 3))
    opened = [sum(tag == "details" for tag, name, _ in page.attributes if name == "open") for page in (few, many)]
    assert opened[0] == opened[1] + 2


def test_a_kept_ranking_of_an_unknown_kind_is_refused(make: Make) -> None:
    with pytest.raises(NotFound, match="'toy'"):
        render_report(make(rankings=(toy_ranking(),)))


def test_a_long_list_of_terms_says_how_many_it_leaves_out(make: Make) -> None:
    frame = pd.concat([contributions()] * 30, ignore_index=True)
    page = Page(render_report(make(stories=(BondStory("singer", "sweater", 30.0, frame),))))
    assert "The first 50 of 60 terms" in page.text
    assert "All terms" in Page(render_report(make())).text


@pytest.mark.parametrize(
    ("links", "title", "finding"),
    [
        ({"linked_by": 3, "mutual": 1}, "Who moves whom", "carries the most influence"),
        ({"linked_by": 1, "mutual": 1}, "Who knows whom", "has the highest PageRank, by 1 mutual link alone."),
        (None, "Consumers and brands", "has the highest PageRank of interactions, good and bad alike."),
    ],
)
def test_the_headline_says_no_more_than_the_ties_do(make: Make, links: dict | None, title: str, finding: str) -> None:
    frame = influencers(["p0", "p1"]).drop(columns=["linked_by", "mutual"])
    frame = frame.assign(**links) if links else frame.assign(label="Brand")
    report = make(influencers=frame)
    page = Page(render_report(report))
    assert title in page.text
    assert finding in page.text
    for claim in ("most influence", "most influential"):
        assert (claim in page.text.lower()) == (title == "Who moves whom")
    assert main_findings(report).startswith("Zoe Wolf (p0)" if links else "p0 has")


def test_the_names_of_all_rows_on_the_page_are_those_to_look_up(make: Make) -> None:
    report = make(names=NodeNames())
    wanted = {label: set(ids.to_pylist()) for label, ids in ids_in(shown_rows(report)).items()}
    marked = {label: {id_: f"~{label}~{id_}~" for id_ in ids} for label, ids in wanted.items()}
    page = Page(render_report(replace(report, names=NodeNames(marked["Consumer"], marked["Brand"]))))
    assert {"singer", "p0", "p14", "p3"} <= wanted["Consumer"]
    assert wanted["Brand"] == {"sweater", "restaurant", ""}
    for label, id_ in [("Consumer", "singer"), ("Consumer", "p14"), ("Brand", "sweater"), ("Brand", "restaurant")]:
        assert f"~{label}~{id_}~ ({id_})" in page.text or f"~{label}~{id_}~ {id_}" in page.text
