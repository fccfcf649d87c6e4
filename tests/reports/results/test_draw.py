"""Every result draws itself, in the colors of any page, and what the plots say is what the results hold."""

from __future__ import annotations

import inspect
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

import influence_graph as ig
from influence_graph.analyses.fusion.touchpoint_weights import fit_touchpoint_weights
from influence_graph.analyses.influencers.find import find_influencers
from influence_graph.analyses.lift.campaign_result import CampaignLift
from influence_graph.analyses.result import Result
from influence_graph.model.names import NO_NAMES, NodeNames
from influence_graph.reports.results.draw import PLOTS
from tests.analyses.test_result import EVIL, GRAPH, RESULTS
from tests.reports.svg import texts

INPUTS = {ig.BrandRecords, ig.PersonRecords, ig.FusionPolicy, ig.HeldOut, ig.InteractionFilter, ig.TouchpointTable}
"""Public classes that callers fill in; parameters, errors and kinds are told by their base."""
UNDRAWN = {ig.Answer, ig.GraphExport, ig.LiftPerPoint, ig.PooledLag, ig.RandomizedLift, ig.RepeatedLift}
"""Shown as a table; an answer is drawn where its columns are those of a known frame."""
FRAMES = ("dict", "DataFrame", "NDArray", "ndarray", "str", "Store", "list", "FusionPolicy")


def events(count: int = 240) -> pd.DataFrame:
    """Return purchases, recommendations and complaints of 40 consumers with 3 brands, over 120 days."""
    rng = np.random.default_rng(5)
    kinds = np.array(["purchase", "recommendation", "complaint", "wear"])
    at = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(np.sort(rng.uniform(0, 120, count)), unit="D")
    frame = pd.DataFrame(
        {
            "event_id": [f"e{n}" for n in range(count)],
            "at": at.floor("s"),
            "consumer": [f"c{n}" for n in rng.integers(0, 40, count)],
            "brand": [f"b{n}" for n in rng.integers(0, 3, count)],
            "kind": kinds[rng.choice(4, count, p=[0.4, 0.2, 0.2, 0.2])],
            "value": 10.0,
        }
    )
    return frame.assign(with_brands=np.where(frame["kind"] == "wear", "b2", ""))


EVENTS = events()
WEIGHTS = pd.DataFrame(
    {"touchpoint": ["engagement", "expediting"], "weight": [0.4, np.nan], "low": [0.1, np.nan], "high": [0.7, np.nan]}
)
BOND = EVENTS["consumer"][0], EVENTS["brand"][0]
VIEW = ig.brand_view(EVENTS, "b0")
DAY = datetime(2026, 4, 30, tzinfo=UTC)
FORMER = ig.Graph.from_edges([EVIL, EVIL], ["b & co", "c\nd"])
RANKS = ig.pagerank(FORMER).to_frame(), ig.pagerank(GRAPH).to_frame()
TAKEN_UP = pd.DataFrame({"user": GRAPH.ids[:2], "item": "hat", "time": [1.0, 86_400.0]})
SEEN = pd.DataFrame({"source": ["a", "b", "c", "d"], "target": [EVIL, EVIL, "e", "e"]})
DID = pd.DataFrame({"user": [EVIL, "a", "c"], "item": EVIL, "time": [1.0, 86_400.0, 2e5]})
THERE = pd.DataFrame({"person": GRAPH.ids, "place": "<bar>", "time": DAY})
DAYS = pd.date_range("2026-01-01", periods=70)
SALES = pd.DataFrame(
    {
        "unit": np.repeat([EVIL, "b & co", "c\nd", "d", "e", "f"], DAYS.size),
        "date": np.tile(DAYS, 6),
        "value": 20 + np.random.default_rng(7).normal(size=6 * DAYS.size),
    }
)
START = DAYS[60].date()
SERIES = SALES[SALES["unit"] == "d"].drop(columns="unit")
MORE = {
    "series_lift": lambda: ig.lift(SERIES, start=START, days=7),
    "panel_lift": lambda: ig.lift(SALES, start=START, days=7, treated=EVIL),
    "campaign_lift": lambda: CampaignLift(
        EVIL,
        (EVIL,),
        EVIL,
        START,
        "tour",
        (EVIL,),
        ig.lift(SALES, start=START, days=7, treated=EVIL),
        None,
        None,
        "",
        (f"{EVIL} on {START}",),
        (),
        NO_NAMES,
        pd.DataFrame(),
        {"days": 7, "outcome": "sales"},
    ),
    "staggered_lift": lambda: ig.lift(
        SALES, start={EVIL: START, "b & co": START, "c\nd": DAYS[61], "d": DAYS[61]}, days=7
    ),
    "lift_plan": lambda: ig.lift_plan(SERIES, days=7, effect=0.1),
    "graph": lambda: GRAPH,
    "copresence": lambda: ig.copresence_ties(THERE),
    "explain": lambda: ig.explain(EVENTS, *BOND),
    "explain_change": lambda: ig.explain_change(EVENTS, *BOND, "2026-01-01", "2026-04-30"),
    "bond_changes": lambda: ig.bond_changes(EVENTS, "2026-04-01", "2026-04-30"),
    "result_changes": lambda: ig.result_changes(*RANKS, graphs=(FORMER, GRAPH)),
    "changes": lambda: ig.Changes("a", "b", DAY, DAY, None, (ig.result_changes(*RANKS),)),
    "state": lambda: ig.FusionState.build(EVENTS),
    "influencers": lambda: find_influencers(GRAPH, TAKEN_UP),
    "influencer_case": lambda: ig.influencer_case(EVIL, SEEN, DID, strata=[0] * 6),
    "brand_view": lambda: VIEW,
    "person_view": lambda: ig.person_view(EVENTS, BOND[0]),
    "brand_leaderboard": lambda: ig.brand_leaderboard(EVENTS),
    "touchpoint fit": lambda: replace(fit_touchpoint_weights(EVENTS), frame=WEIGHTS),
    **{
        part: lambda part=part: getattr(VIEW, part)
        for part in ("health", "judgment", "votes", "giving", "profit", "carriers", "neighbors")
    },
}
ALL = {**RESULTS, **MORE}


@pytest.fixture(scope="module", params=ALL)
def result(request):
    return ALL[request.param]()


def test_every_result_has_a_table_or_findings_and_a_plot_that_runs_nothing(result):
    table = result._repr_html_()
    assert type(result).__name__ in table
    drawing = result.plot()
    page = drawing._repr_html_()
    for shown in (table, page):
        assert "<script" not in shown
        assert "background:" not in shown
        assert "http" not in shown
    ET.fromstring(page)
    assert 'aria-label="' in page
    assert not re.search(r"\b(nan|None|inf)\b", drawing.alt)
    assert drawing.title
    assert "var(--" not in page
    assert len(repr(drawing)) < 150


def test_every_class_of_results_has_its_row():
    assert {type(make()) for make in ALL.values()} == set(PLOTS)


def test_whatever_is_public_and_no_input_shows_itself_and_can_be_drawn():
    public = [getattr(ig, name) for name in ig.__all__]
    classes = {one for one in public if inspect.isclass(one)} - INPUTS - {Result, ig.Drawing}
    classes = {one for one in classes if not issubclass(one, BaseException | str)}
    classes = {one for one in classes if not one.__name__.endswith("Parameters")}
    assert ig.FusionState in classes
    assert len(classes) > 15
    for one in classes:
        assert hasattr(one, "_repr_html_"), one
        assert one in PLOTS or one in UNDRAWN, one
        assert one.__repr__ is not object.__repr__


def test_whatever_a_public_function_returns_shows_itself_and_can_be_drawn():
    functions = [getattr(ig, name) for name in ig.__all__ if inspect.isfunction(getattr(ig, name))]
    drawn = {one.__name__ for one in {*PLOTS, *UNDRAWN}}
    for function in functions:
        returned = re.sub(r"^(list|tuple)\[(.*)\]$", r"\2", str(function.__annotations__["return"]))
        first = re.split(r"[\[. ]", returned.removeprefix("pd.").removeprefix("np."))[0]
        assert first in drawn or first in FRAMES or first == "Drawing", (function.__name__, returned)


def test_names_stand_in_place_of_ids_and_equal_ones_stay_apart():
    ranks = ig.pagerank(ig.Graph.from_edges(["a", "b"], ["c", "c"]))
    shown = texts(ranks.plot({"a": "Ada", "b": "Ada", "c": "<Cleo>"}).svg)
    assert {"Ada (a)", "Ada (b)", "<Cleo>"} <= set(shown)
    assert {"a", "b", "c"} <= set(texts(ranks.plot().svg))
    assert ranks.plot({"c": "<Cleo>"})._repr_html_().count("<Cleo>") == 0
    brands = NodeNames(brands={BOND[1]: "Acme"}, consumers={BOND[0]: "Ann"})
    assert ig.plot(ig.explain(EVENTS, *BOND), brands).title.startswith("Ann and Acme: Fusion Score")


def test_the_waterfalls_end_at_the_score():
    explained = ig.explain(EVENTS, *BOND)
    assert f"together {explained.score:+.3f}".rstrip("0").replace("-", "−") in explained.plot().alt.replace(".0.", ".")
    moved = ig.explain_change(EVENTS, *BOND, "2026-02-01", "2026-04-30")
    assert moved.plot().alt.startswith("Waterfall of changes: from ")
    assert {"score before", "score after"} <= set(texts(moved.plot().svg))
    still = ig.explain_change(EVENTS, *BOND, "2026-04-30", "2026-04-30")
    assert "nothing, to" in still.plot().alt


def test_the_degrees_of_a_graph_are_shares_of_its_nodes():
    star = ig.Graph.from_edges(["a", "b", "c", "d"], ["hub"] * 4)
    assert star.plot().note == ("edges in: mean 0.8, median 0, largest 4; edges out: mean 0.8, median 1, largest 1.")
    both = ig.Graph.from_edges(["a", "b"], ["hub", "hub"], directed=False)
    assert both.plot().note == "edges: mean 1.33, median 1, largest 2."
    with pytest.raises(ig.InputError, match="nothing to draw: the graph has no edges"):
        ig.Graph.from_arrays(["a"], [], []).plot()


def test_a_large_graph_has_a_curve_of_few_points():
    count = 30_000
    rng = np.random.default_rng(2)
    target = (rng.pareto(1.1, count) * 10).astype(int) % 5_000
    graph = ig.Graph.from_arrays([str(n) for n in range(count)], np.arange(count), target)
    assert len(graph.plot().svg) < 60_000


def test_learned_probabilities_say_the_rate_of_all_edges():
    learned = ig.learn(GRAPH, pd.DataFrame({"user": [EVIL, "b & co"], "item": ["x", "x"], "time": [1, 2]}))
    rate = learned.successes.sum() / learned.trials.sum()
    assert f"rate of all edges, {rate:.3g}." in learned.plot().note


@pytest.mark.parametrize(
    ("make", "title"),
    [
        (lambda: ig.fusion_scores(EVENTS), "Distribution of bonds"),
        (lambda: ig.FusionState.build(EVENTS).at(*BOND, ["2026-02-01", "2026-03-01"]), "Score over time"),
        (lambda: ig.co_associations(EVENTS), "Brands named together"),
        (lambda: ig.pagerank(GRAPH).to_frame(), "Score"),
    ],
    ids=["scores", "at", "co-associations", "ranking"],
)
def test_frames_that_functions_return_are_drawn(make, title):
    assert ig.plot(make()).title == title


def test_methods_of_learning_are_compared_with_their_intervals():
    graph = ig.Graph.from_edges(["a", "a", "b"], ["b", "c", "c"])
    log = [(user, f"i{n}", 3 * n + k) for n in range(12) for k, user in enumerate("abc"[: 2 + n % 2])]
    frame = ig.evaluate_learning(
        graph,
        pd.DataFrame(log, columns=["user", "item", "time"]),
        ["bernoulli"],
        seed=1,
        options=ig.HeldOut(priors=(None,), simulations=5, resamples=20),
    )
    drawing = ig.plot(frame)
    assert drawing.title == "On held-out cascades"
    assert {"bernoulli", "uniform", "weighted cascade"} <= set(texts(drawing.svg))


def test_a_fit_that_cannot_tell_has_nothing_to_draw_and_says_why():
    fit = replace(fit_touchpoint_weights(EVENTS), frame=WEIGHTS[1:], verdict="the data cannot tell")
    with pytest.raises(ig.InputError, match="there is nothing to draw: the data cannot tell"):
        fit.plot()


@pytest.mark.parametrize(
    ("thing", "message"),
    [(3, "no plot of a int"), (pd.DataFrame({"x": [1]}), "no plot of a frame with the columns x")],
)
def test_what_cannot_be_drawn_is_said_in_one_line(thing, message):
    with pytest.raises(ig.InputError, match=message) as refused:
        ig.plot(thing)
    assert "\n" not in str(refused.value)


def test_a_drawing_is_saved_in_each_format_and_in_no_other(tmp_path: Path):
    drawing = ig.pagerank(GRAPH).plot()
    for suffix, start in ((".svg", b"<svg"), (".png", b"\x89PNG"), (".html", b"<!doctype")):
        drawing.save(tmp_path / f"plot{suffix}")
        assert (tmp_path / f"plot{suffix}").read_bytes().startswith(start)
    drawing.save(str(tmp_path / "text.svg"))
    with pytest.raises(ig.InputError, match=r"\.pdf"):
        drawing.save(tmp_path / "plot.pdf")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plot.html", "plot.png", "plot.svg", "text.svg"]


@pytest.mark.browser
def test_neither_tables_nor_plots_shut_anybody_out(browser) -> None:
    """The rules of axe-core, on a light and on a dark page, without a request to anywhere."""
    shown = [ALL[name]() for name in ("pagerank", "hits", "learn", "explain", "brand_view", "graph")]
    body = "".join(each._repr_html_() + each.plot()._repr_html_() for each in shown)
    for colors in ("background: #fff; color: #111", "background: #111; color: #ddd"):
        page = browser.new_page(viewport={"width": 700, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.set_content(
            f'<!doctype html><html lang="en"><head><title>notebook</title></head><body style="{colors}"><main>'
            f"<h1>notebook</h1>{body}</main></body></html>"
        )
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["impact"]) for each in found if each["impact"] in ("serious", "critical")] == []
        assert asked == []
        page.close()


def test_what_cannot_be_told_is_drawn_without_a_counterfactual_and_says_why():
    noisier = SERIES.assign(value=20 + SERIES["value"].sub(20) * np.arange(70.0) ** 2)
    lift = ig.lift(noisier, start=START, days=7)
    drawing = lift.plot()
    assert lift.status == "cannot tell"
    assert drawing.title == "Lift of one series: cannot tell"
    assert lift.reason in drawing.note
    assert "Bands" not in drawing.note


def test_of_several_treated_units_the_gap_is_that_of_each_as_the_placebos_are():
    drawing = ig.lift(SALES, start=START, days=7, treated=[EVIL, "d"]).plot()
    assert {"gap per unit", "event", "actual", "without the event"} <= set(texts(drawing.svg))
    assert drawing.title.startswith("Lift of 2 units")


def test_periods_are_drawn_as_numbers():
    years = SALES.assign(date=np.tile(np.arange(1950, 2020), 6))
    assert {"period", "1960"} <= set(texts(ig.lift(years, start=2010, days=7, treated="d").plot().svg))
    assert "periods from the start; below 0: before it" in texts(
        ig.staggered_lift(years, starts={EVIL: 2010, "d": 2010}, days=7).plot().svg
    )


def test_a_plan_marks_what_is_shown_in_four_of_five_campaigns():
    plan = ig.lift_plan(SERIES, days=7, effect=0.1)
    at = float(np.interp(plan.smallest, plan.curve["effect"], plan.curve["power"]))
    assert at == pytest.approx(0.8, abs=0.005)
    assert plan.curve["power"].iloc[0] == pytest.approx(0.05)
    assert float(np.interp(10.0, plan.curve["percent"], plan.curve["power"])) == pytest.approx(plan.power, abs=0.005)
    assert {"the smallest, in 4 of 5", "asked about"} <= set(texts(plan.plot().svg))
