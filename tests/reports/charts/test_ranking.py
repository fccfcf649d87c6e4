"""The plot of a ranking: titled by the table of results, drawn to scale, with its intervals."""

from __future__ import annotations

import pandas as pd
import pytest

from influence_graph.errors import NotFound
from influence_graph.model import results
from influence_graph.reports.charts.ranking import ranking_plot
from tests.reports.svg import spans, texts

SCORES = pd.DataFrame({"id": [f"p{i}" for i in range(25)], "score": [float(25 - i) for i in range(25)]})


def test_a_ranking_shows_the_twenty_best_and_their_scores() -> None:
    shown = texts(ranking_plot(SCORES, "rank").svg)
    assert {"PageRank", "p0", "p19", "25", "6"} <= set(shown)
    assert "p20" not in shown


def test_a_ranking_with_errors_has_whiskers_in_place_of_numbers() -> None:
    plot = ranking_plot(SCORES.assign(std_error=0.5), "reach")
    assert plot.note == "Whiskers: 95 % intervals. The first 20 of 25: 5 more are not drawn."
    assert plot.svg.count('stroke-width="2"') == 20
    assert "People reached alone (people)" in texts(plot.svg)
    assert ranking_plot(SCORES[:20], "rank").note == ""


def test_bars_are_as_long_as_the_scores_and_begin_at_zero() -> None:
    bars = spans(ranking_plot(SCORES[:3].assign(score=[4.0, 2.0, 1.0]), "rank").svg)
    lengths = [end - start for start, end in bars]
    assert len({start for start, _ in bars}) == 1
    assert [length / lengths[2] for length in lengths] == pytest.approx([4, 2, 1])


def test_people_and_brands_have_their_own_colors_and_a_legend() -> None:
    frame = SCORES[:2].assign(label=["Consumer", "Brand"])
    both = ranking_plot(frame, "rank")
    assert {"Consumer", "Brand"} <= set(texts(both.svg))
    assert "var(--second)" in both.svg
    for kind, color, other in (("Consumer", "--gain", "--second"), ("Brand", "--second", "--gain")):
        alone = ranking_plot(frame[frame["label"] == kind], "rank")
        assert kind not in texts(alone.svg)
        assert f"var({color})" in alone.svg
        assert f"var({other})" not in alone.svg


def test_a_measure_is_titled_by_its_row_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    toy = results.of_nodes("toy", "Toy measure", "toy", ("ties",), unit="toys")
    monkeypatch.setitem(results.RESULTS, "toy", toy)
    plot = ranking_plot(SCORES, "toy")
    assert plot.title == "Toy measure"
    assert "Toy measure (toys)" in texts(plot.svg)
    assert plot.alt == "Bars of the 20 highest scores of Toy measure; p0 is first with 25."


def test_a_measure_that_the_table_lacks_is_refused() -> None:
    with pytest.raises(NotFound, match=r"'rnak'.*'rank'"):
        ranking_plot(SCORES, "rnak")


def test_a_ranking_of_nobody_is_drawn_too() -> None:
    plot = ranking_plot(SCORES[:0], "rank")
    assert plot.svg.startswith("<svg")
    assert plot.alt == "No scores of PageRank."


def test_ids_that_differ_only_where_they_are_cut_stay_two_bars() -> None:
    ids = ["x" * 300 + end for end in "ab"]
    assert len(spans(ranking_plot(pd.DataFrame({"id": ids, "score": [2.0, 1.0]}), "rank").svg)) == 2
