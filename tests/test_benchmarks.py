"""The benchmarks' own machinery, without peers and without timing: what it says must follow from what was measured."""

from __future__ import annotations

import importlib

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks import bars, buying, graphs, harness, lift_markets, page, results
from benchmarks.__main__ import PARTS
from benchmarks.peers import ranking, seeding
from influence_graph.analyses.brand.buying import fit_buying
from influence_graph.ingest.markets import MarketParameters, generate_market
from influence_graph.model.graph import Graph
from tests.analyses.brand.buyers import made


class Clock:
    """Time that passes only when told."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def runs(self, *seconds):
        """Return a function whose calls take these times in turn, then always the last."""
        left = list(seconds)

        def run():
            self.now += left.pop(0) if len(left) > 1 else left[0]

        return run


def test_the_ratio_is_the_median_of_the_rounds_and_a_slow_machine_hits_both():
    clock = Clock()
    # after a first run, five rounds; in the last two all takes ten times as long
    ours = clock.runs(1.0, 1.0, 1.0, 1.0, 10.0, 10.0)
    peer = clock.runs(3.0, 3.0, 3.0, 4.0, 30.0, 30.0)
    found = harness.interleaved(ours, {"peer": peer}, clock=clock)["peer"]
    assert (found.ratio, found.low, found.high, found.rounds) == (3.0, 3.0, 4.0, 5)


def test_what_is_short_is_repeated_within_a_sample_and_what_is_slow_runs_once():
    clock = Clock()
    short, slow = clock.runs(0.001), clock.runs(30.0)
    found = harness.interleaved(short, {"slow": slow}, clock=clock)
    assert found["ours"].seconds == pytest.approx(0.001)
    assert (found["slow"].rounds, found["slow"].ratio) == (1, pytest.approx(30_000))


def test_a_process_that_fails_is_reported_with_its_last_line():
    records, failure = harness.child("no_such_part")
    assert records == []
    assert "no_such_part" in failure


def test_the_rise_of_memory_sees_what_a_call_touches():
    kept, megabytes = harness.rise(lambda: np.ones(8_000_000))  # above 32 MB never from memory that was freed before
    assert kept.nbytes / 2**20 <= megabytes + 1


def test_generated_graphs_are_simple_and_repeat():
    first, again = graphs.rmat(8, 2_000), graphs.rmat(8, 2_000)
    assert np.array_equal(first.source, again.source)
    assert (first.source != first.target).all()
    assert np.unique(first.source.astype(np.int64) * first.nodes + first.target).size == first.source.size


def test_all_cycles_of_the_retweets_are_in_the_core_and_in_pairs():
    edges = graphs.retweets(nodes=5_000, giant=50, pairs=10)
    matrix = coo_array((np.ones(edges.source.size), (edges.source, edges.target)), shape=(5_000, 5_000))
    sizes = np.bincount(connected_components(matrix.tocsr(), connection="strong")[1])
    assert np.unique(sizes, return_counts=True)[1].tolist() == [5_000 - 70, 10, 1]


def test_a_change_keeps_all_but_the_share_of_the_edges():
    before = graphs.rmat(8, 2_000)
    after = graphs.changed(before, 0.01)
    codes = [set(zip(g.source.tolist(), g.target.tolist(), strict=True)) for g in (before, after)]
    assert len(codes[0] - codes[1]) == pytest.approx(0.01 * before.source.size, abs=1)


def test_probabilities_of_weighted_cascade_sum_to_one_at_each_node_that_has_any():
    edges = graphs.rmat(6, 300)
    total = np.bincount(edges.target, weights=graphs.weighted_cascade(edges), minlength=edges.nodes)
    assert np.allclose(total[np.bincount(edges.target, minlength=edges.nodes) > 0], 1)


def test_a_peer_gets_the_loosest_tolerance_that_reaches_the_error():
    edges = graphs.rmat(6, 300)
    peer = ranking.Scipy(edges, weighted=True)
    truth = peer.solve(1e-14)
    tolerance, error, note = ranking.loosest(peer, truth, 1e-9)
    assert (error <= 1e-9, note) == (True, "")
    assert np.abs(peer.solve(10 * tolerance) - truth).sum() > 1e-9


def test_the_reference_solves_the_equation_with_sinks_to_the_teleport_vector():
    edges = graphs.Edges(3, np.array([0, 1]), np.array([1, 2]), np.ones(2))
    v = np.array([1.0, 0.0, 0.0])
    # p₀ = .15 + .85·p₂, p₁ = .85·p₀, p₂ = .85·p₁
    exact = np.array([1, 0.85, 0.85**2]) / (1 + 0.85 + 0.85**2)
    assert np.allclose(ranking.Scipy(edges, weighted=False).solve(1e-14, v), exact, atol=1e-13)


@pytest.mark.parametrize("choose", [seeding.imm, seeding.plain_opimc])
def test_rivals_find_the_hubs_of_stars(choose):
    ends = [(str(hub), f"{hub}-{leaf}") for hub in range(3) for leaf in range(40 - 10 * hub)]
    graph = Graph.from_edges(*zip(*ends, strict=True), [1.0] * len(ends))
    chosen = choose(graph, 3, epsilon=0.3)
    assert {graph.ids[node] for node in chosen.seeds} == {"0", "1", "2"}


def test_every_part_names_modules_that_are_there():
    for part in PARTS:
        for size in ("quick", "full", "large"):
            for module, *_ in importlib.import_module(f"benchmarks.{part}").jobs(size):
                assert importlib.util.find_spec(f"benchmarks.{module}")


def rank_record(engine, **fields):
    head = {"part": "pagerank", "case": "plain", "graph": "retweets", "nodes": 10, "edges": 20, "job": "pagerank"}
    return {**head, "engine": engine, **fields}


OWN = {"seconds": 1.0, "passes": 10, "power_passes": 40, "gather": 0.1, "bound": 5e-10, "error": 1e-10}
OWN |= {"cold": 1.0, "scipy_cold": 3.0, "cold_ratio": 3.0, "ratio": 1.0}


@pytest.mark.parametrize(("ratio", "met"), [(15.0, True), (14.9, False)])
def test_a_bar_is_met_from_its_limit_on_and_by_the_best_ranked_peer(ratio, met):
    records = [
        rank_record("ours", **OWN),
        rank_record("slow", ratio=900.0, ranked=True),
        rank_record("best", ratio=ratio, ranked=True),
        rank_record("wrong", ratio=0.1, ranked=False, error=1.0),
    ]
    bar = next(bar for bar in bars.measured(records) if "retweets" in bar.bar)
    assert (bar.met, bar.measured) == (met, f"retweets (best) {ratio:.3g}")


def test_what_was_not_measured_is_neither_met_nor_missed():
    assert {bar.met for bar in bars.measured([])} == {None}


def test_the_slope_of_growth_is_the_power_of_the_edges():
    grown = [{"part": "growth", "case": "seeds", "edges": m, "seconds": 3e-6 * m**1.2} for m in (10**4, 10**5, 10**7)]
    assert bars.slope(grown, "seeds", "seconds") == pytest.approx(1.2)


def test_the_page_names_misses_failures_and_what_was_left_out(tmp_path):
    spread = {"part": "spread", "case": "ic", "graph": "nethept", "engine": "cynetdiff", "ratio": 2.0, "rate": 5.0}
    records = [
        rank_record("ours", **OWN),
        rank_record("best", ratio=2.0, ranked=True),
        {**spread, "spread": 9.0, "std_error": 0.1, "apart": 7.0, "agrees": False},
        {"part": "seeds", "failure": "seeds x: out of cheese"},
        {"part": "pagerank", "graph": "grqc", "skipped": "its file is missing"},
    ]
    empty = {"machine": {}, "parts": {}, "records": []}
    found = results.merged(empty, "pagerank", records, 1.0)
    results.save(found, tmp_path)
    page.write(results.load(tmp_path), tmp_path)
    text = (tmp_path / "README.md").read_text()
    assert "retweets (best) 2 | **missed**" in text
    assert "out of cheese" in text
    assert "7.0 standard errors from ours" in text
    assert "files are missing: grqc" in text
    assert (tmp_path / "plots" / "pagerank.svg").read_text().startswith("<svg")


def test_a_part_measured_again_replaces_its_own_records_only():
    empty = {"machine": {}, "parts": {}, "records": []}
    both = results.merged(results.merged(empty, "spread", [{"a": 1}], 1.0), "seeds", [{"b": 1}], 1.0)
    again = results.merged(both, "spread", [{"a": 2}], 1.0)
    assert again["records"] == [{"b": 1, "job": "seeds"}, {"a": 2, "job": "spread"}]


def test_the_area_under_the_curve_counts_pairs():
    score, outcome = np.array([3.0, 1, 2, 2, 5]), np.array([True, False, False, True, False])
    pairs = [(a > b) + 0.5 * (a == b) for a in score[outcome] for b in score[~outcome]]
    assert buying.auc(score, outcome) == pytest.approx(np.mean(pairs))


def test_the_model_ranks_customers_made_by_it_better_than_recency_and_is_calibrated():
    buyers = made(600, (0.7, 30.0, 0.6, 1.9), 300, after=buying.DAYS, seed=1)
    model, bought = fit_buying(buyers.histories), buyers.later > 0
    expected = model.expected_purchases(buyers.histories, buying.DAYS)
    assert buying.auc(expected, bought) > buying.auc(buyers.histories.recency - buyers.histories.age, bought) > 0.6
    tenths = buying.deciles(buying.chance_to_buy(model, buyers.histories), bought)
    assert len(tenths) == 10
    assert (tenths["predicted"] - tenths["observed"]).abs().mean() < 0.08
    gone = buying.deciles(1 - model.p_alive(buyers.histories), ~buyers.alive)
    assert (gone["predicted"] - gone["observed"]).abs().mean() < 0.12


@pytest.fixture(scope="module")
def market():
    return generate_market(MarketParameters(people=960, brands=8, days=200, campaigns=6, repeated=1, seed=2))


def test_exposed_segments_of_a_market_are_those_that_its_truth_says_see_a_treated_one(market):
    found = lift_markets.reached(market, np.eye(24, dtype=bool))
    names = market.segment_ids
    for one in market.truth["segments"]:
        place = names.index(one["id"])
        sees = [found[other, place] for other in range(24) if other != place]
        assert sees == pytest.approx([one["sees"].get(name, 0.0) for name in names if name != one["id"]], abs=1e-4)


def test_a_market_gives_a_row_per_campaign_and_way_and_the_figures_follow_from_them(market):
    known = lift_markets.Known(market)
    rows = pd.DataFrame([*lift_markets.single(market, known), *lift_markets.repeated(market, known)])
    ways = rows["way"].value_counts()
    assert ways["clean"] + ways.get("not alone", 0) + ways.get("refused", 0) == 6
    assert ways.get("overlap", 0) + ways.get("overlap cannot tell", 0) >= 1
    truth = {one["caused_total"] for one in market.truth["campaigns"] if not one["repeated"]}
    assert set(rows.loc[rows["way"] == "clean", "truth"]) <= truth
    by_way = lift_markets.figures(rows)
    clean = rows[rows["way"] == "clean"]
    assert by_way["clean"]["covered"] == pytest.approx(clean["covered"].mean(), abs=1e-3)
    assert by_way["clean"]["nothing"] == clean["nothing"].sum()


def test_days_of_other_campaigns_of_the_brand_that_reach_the_treated_are_skipped(market):
    known, truth = lift_markets.Known(market), market.truth["campaigns"]
    some = 0
    for place, one in enumerate(truth):
        spans, start = known.skipped(place), known.first["date"].iloc[place].date()
        others = [
            other
            for number, other in enumerate(truth)
            if other["brand"] == one["brand"] and known.first["date"].iloc[number].date() < start
        ]
        sure = [other for other in others if set(other["segments"]) & set(one["segments"])]
        assert len(sure) <= len(spans) <= len(others)
        assert all(first <= last < start and (last - first).days < lift_markets.HORIZON for first, last in spans)
        some += len(spans)
    assert some > 0


def test_the_figures_of_markets_are_those_of_a_hand_made_table():
    rows = pd.DataFrame(
        {
            "way": ["clean"] * 4,
            "nothing": [False, False, True, True],
            "truth": [10.0, 20.0, 0.0, 0.0],
            "without": [100.0, 100.0, 100.0, 200.0],
            "error": [2.0, 1.0, 3.0, -4.0],
            "covered": [True, True, False, True],
            "seen": [True, False, True, False],
        }
    )
    found = lift_markets.figures(rows)["clean"]
    assert found["effect %"] == 15.0
    assert found["bias %"] == 10.0
    assert found["bias of nothing %"] == 0.5
    assert found["rmse %"] == pytest.approx(100 * np.sqrt((0.02**2 + 0.01**2 + 0.03**2 + 0.02**2) / 4), abs=0.1)
    assert (found["covered"], found["false alarms"], found["found"]) == (0.75, 0.5, 0.5)
