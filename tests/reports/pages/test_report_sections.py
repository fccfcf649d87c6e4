"""Sections of the report: which rows they list, in which order, and when there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from influence_graph.model.names import NodeNames
from influence_graph.model.results import RESULTS, Shape
from influence_graph.reports.pages.data import Convergence, KeptRanking, ReportData
from influence_graph.reports.pages.report_sections import (
    influencers,
    kept_rankings,
    overview,
    provenance,
)
from tests.reports.conftest import CONCERT
from tests.reports.conftest import influencers as ranked
from tests.reports.svg import texts

Make = Callable[..., ReportData]


def test_the_first_fifteen_are_drawn_and_listed_by_name(make: Make) -> None:
    section = influencers(make())
    assert section is not None
    (table,) = section.tables
    assert [row[0] for row in table.rows] == ["Zoe Wolf", *(f"p{n}" for n in range(1, 15))]
    assert [float(row[3]) for row in table.rows] == pytest.approx(np.linspace(9, 1, 20)[:15], rel=1e-5)
    drawn = texts(section.plots[0].svg)
    assert {row[0] for row in table.rows} <= set(drawn)
    assert "p15" not in drawn


@pytest.mark.parametrize(("residual", "verdict"), [(1e-10, "converged"), (1.1e-10, "did not converge")])
def test_the_note_says_whether_the_limit_was_reached(make: Make, residual: float, verdict: str) -> None:
    section = influencers(make(convergence=Convergence("PageRank", 17, residual, 1e-10, 0.85)))
    assert section is not None
    assert f"PageRank {verdict} after 17 iterations" in section.plots[0].note


def test_two_people_of_one_name_are_distinguished_by_their_ids(make: Make) -> None:
    section = influencers(make(names=NodeNames(consumers={"p0": "Ada", "p1": "Ada"})))
    assert section is not None
    assert [row[0] for row in section.tables[0].rows[:2]] == ["Ada (p0)", "Ada (p1)"]


NODES = [kind for kind, row in RESULTS.items() if row.shape is Shape.NODES]


def test_each_kept_ranking_has_its_title_and_its_ten_best(make: Make) -> None:
    frame = ranked([f"p{n}" for n in range(30)]).sample(frac=1, random_state=1)
    section = kept_rankings(make(rankings=tuple(KeptRanking(kind, f"{kind}-1", CONCERT, frame) for kind in NODES)))
    assert section is not None
    for kind, table in zip(NODES, section.tables, strict=True):
        assert table.caption == f"{RESULTS[kind].title}: run {kind}-1 of 2026-06-06"
        assert [row[2] for row in table.rows] == [f"p{n}" for n in range(10)]
        assert [row[0] for row in table.rows] == [str(place) for place in range(1, 11)]
        assert table.folded
    reach = section.tables[NODES.index("reach")]
    assert reach.columns[-1] == "score (people)"


def test_up_to_two_kept_rankings_are_open_and_equal_scores_are_ordered_by_id(make: Make) -> None:
    frame = pd.DataFrame({"label": "Consumer", "id": ["c", "a", "b"], "score": [1.0, 1.0, 2.0]})
    section = kept_rankings(make(rankings=(KeptRanking("psi", "r", CONCERT, frame),)))
    assert section is not None
    assert [row[2] for row in section.tables[0].rows] == ["b", "a", "c"]
    assert not section.tables[0].folded
    empty = KeptRanking("psi", "r", CONCERT, frame.head(0))
    assert kept_rankings(make(rankings=(empty,))) is None


def test_touchpoints_are_shown_with_both_sides(make: Make) -> None:
    section = overview(make(bonds=None))
    assert section is not None
    (plot,) = section.plots
    shown = texts(plot.svg)
    assert {"engagement", "problem recovery", "consumer to brand", "brand to consumer"} <= set(shown)
    assert overview(make(bonds=None, touchpoints=None)) is None


@pytest.mark.parametrize("field", ["influencers", "rankings", "bonds"])
def test_without_data_there_is_no_section(make: Make, field: str) -> None:
    empty: Any = () if field == "rankings" else None
    report = make(**{field: empty}, touchpoints=None)
    built = {"influencers": influencers, "rankings": kept_rankings, "bonds": overview}[field]
    assert built(report) is None


def test_provenance_gives_the_commands_and_at_most_twenty_runs(make: Make) -> None:
    report = make()
    assert report.runs is not None
    many = pd.concat([report.runs.assign(id=f"r{n}") for n in range(30)])
    section = provenance(replace(report, runs=many))
    facts = dict(section.tables[0].rows)
    assert section.commands == report.commands != ""
    assert facts["digest of the records"] == "d1ge57"
    assert facts["scores as of"] == "2026-06-13 20:00 UTC"
    assert [row[0] for row in section.tables[1].rows] == [f"r{n}" for n in range(20)]


def test_parameters_of_a_run_are_compact_json_and_a_text_stays_one(make: Make) -> None:
    report = make()
    assert report.runs is not None
    runs = pd.concat([report.runs] * 2).assign(parameters=[{"b": 1, "a": CONCERT}, "as it was"])
    shown = [row[-1] for row in provenance(replace(report, runs=runs)).tables[1].rows]
    assert shown == ['{"a": "2026-06-06T20:00:00+00:00", "b": 1}', "as it was"]


def test_what_is_not_known_is_a_dash(make: Make) -> None:
    facts = dict(provenance(make(store="", digest="", as_of=None)).tables[0].rows)
    assert facts["store"] == facts["digest of the records"] == facts["scores as of"] == "–"
