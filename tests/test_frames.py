"""Every public function that takes a frame takes each kind of frame, with the same answer, or refuses it in one line.

``python -m tests.test_frames`` prints the table of functions by kinds.
"""

from __future__ import annotations

import inspect
from collections import namedtuple
from collections.abc import Callable, Iterator
from dataclasses import make_dataclass
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset
import pytest

import influence_graph as ig

NO_POLARS = find_spec("polars") is None


def _interactions() -> pd.DataFrame:
    rng, count = np.random.default_rng(3), 60
    days = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 200, count), "D")
    return pd.DataFrame(
        {
            "event_id": np.arange(count),  # whole numbers: ids, too
            "at": days,
            "consumer": rng.choice(["ann", "bob", "zoë"], count),
            "brand": rng.choice(["acme", "nova"], count),
            "kind": "purchase",
            "value": rng.integers(1, 90, count).astype(float),
            "with_brands": rng.choice(["hat", "hat|scarf", None], count),
            "color": "red",  # of no record
        }
    )


INTERACTIONS = _interactions()
ACTIONS = pd.DataFrame(
    {
        "user": ["a", "b", "c", "a", "b", "c", "b", "a"],
        "item": [1, 1, 1, 2, 2, 3, 3, 3],
        "time": pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta([1, 2, 3, 1, 4, 1, 5, 9], "D"),
    }
)
EDGES = pd.DataFrame({"source": ["a", "b", "b"], "target": ["b", "c", "a"], "weight": [1.0, 0.5, 2.0]})
PEOPLE = pd.DataFrame({"id": ["ann", "zoë"], "kind": ["influencer", "consumer"], "followers": [7, 5]})
TIES = pd.DataFrame({"source": ["ann", "bob"], "target": ["zoë", "zoë"], "kind": ["follows", "friend"]})
SALES = pd.DataFrame({"brand": ["acme", "acme"], "date": [date(2026, 1, 2), date(2026, 1, 3)], "value": [5, 7]})
CAMPAIGNS = pd.DataFrame({"brand": ["acme"], "at": pd.to_datetime(["2026-02-01T00:00:00Z"]), "kind": ["mail"]})
THERE = ACTIONS.rename(columns={"user": "person", "item": "place"})
GRAPH = ig.Graph.from_edges(["a", "b", "b"], ["b", "c", "a"])
DAILY = pd.DataFrame(
    {"date": pd.date_range("2026-01-01", periods=50).date, "value": np.random.default_rng(1).normal(20, 1, 50)}
)
UNITS = pd.DataFrame(
    {
        "unit": np.repeat(["a", "b", "c", "zoë"], 30),
        "date": np.tile(np.arange(30), 4),
        "value": np.random.default_rng(1).normal(20, 1, 120),
    }
)
WORTH = pd.DataFrame({"campaign": list("abcdef"), "points": [1.0, 2, 3, 4, 5, 6], "lift": [2.0, 3, 7, 8, 9, 13]})
DEALT = pd.DataFrame({"treated": [0, 1] * 6, "value": np.random.default_rng(1).normal(20, 1, 12)})
AGAIN = pd.DataFrame(
    {"kind": ["mail", "mail", "mail"], "date": [date(2026, 1, 5), date(2026, 1, 20), date(2026, 1, 31)]}
)


def _records(**given: Any) -> Any:
    return ig.brand_view(INTERACTIONS, "acme", records=ig.BrandRecords(**given)).to_dict()


def _person(**given: Any) -> Any:
    return ig.person_view(INTERACTIONS, "ann", records=ig.PersonRecords(**given)).to_dict()


def _found(actions: Any, **records: Any) -> pd.DataFrame:
    return ig.find_influencers(GRAPH, actions, **records).to_frame()


def _case(actions: Any, ties: Any = GRAPH, **records: Any) -> Any:
    return ig.influencer_case("b", ties, actions, **records).to_dict()


FOLLOWS = pd.DataFrame(
    {
        "source": ["a", "b", "c"],
        "target": ["b", "c", "a"],
        "kind": ["follows", "friend", "exposed"],
        "since": pd.to_datetime(["2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]),
    }
)
SCORES = pd.DataFrame(ig.fusion_scores(INTERACTIONS)[["consumer", "brand", "fusion_score"]].to_dict("list"))
RANKS = ig.pagerank(GRAPH).to_frame()[["id", "score"]]
FORMER = ig.pagerank(GRAPH, damping_factor=0.5).to_frame()[["id", "score"]]

# Name and parameter of each public function that takes a frame: a good frame, and what it gives, for comparison.
TAKERS: dict[str, tuple[pd.DataFrame, Callable[[Any], Any]]] = {
    "BrandRecords.people": (PEOPLE, lambda frame: _records(people=frame)),
    "BrandRecords.ties": (TIES, lambda frame: _records(ties=frame)),
    "BrandRecords.sales": (SALES, lambda frame: _records(sales=frame)),
    "BrandRecords.campaigns": (CAMPAIGNS, lambda frame: _records(campaigns=frame)),
    "FusionState.build.interactions": (INTERACTIONS, lambda frame: ig.FusionState.build(frame).scores()),
    "FusionState.update.interactions": (
        INTERACTIONS,
        lambda frame: ig.FusionState.build(INTERACTIONS[:30]).update(frame).scores(),
    ),
    "Graph.from_pandas.frame": (EDGES, lambda frame: ig.Graph.from_pandas(frame, weight="weight").digest),
    "PersonRecords.learned": (
        pd.DataFrame({"source": ["ann"], "target": ["bob"], "probability": [0.5], "mean_delay": [60.0]}),
        lambda frame: _person(learned=frame),
    ),
    "PersonRecords.people": (PEOPLE, lambda frame: _person(people=frame)),
    "PersonRecords.ties": (TIES, lambda frame: _person(ties=frame)),
    "activity.actions": (ACTIONS, lambda frame: ig.activity(GRAPH, frame).to_frame()),
    "bond_changes.interactions": (
        INTERACTIONS,
        lambda frame: ig.bond_changes(frame, date(2026, 2, 1), "2026-05-01").to_frame(),
    ),
    "bond_changes.scores": (
        SCORES,
        lambda frame: ig.bond_changes(INTERACTIONS, "2026-02-01", "2026-05-01", scores=(SCORES, frame)).to_frame(),
    ),
    "brand_leaderboard.interactions": (INTERACTIONS, lambda frame: ig.brand_leaderboard(frame).to_dict()),
    "brand_view.interactions": (INTERACTIONS, lambda frame: ig.brand_view(frame, "acme").to_dict()),
    "co_associations.interactions": (INTERACTIONS, ig.co_associations),
    "copresence_ties.records": (THERE, lambda frame: ig.copresence_ties(frame).to_frame()),
    "credit.actions": (ACTIONS, lambda frame: ig.credit(GRAPH, frame).maximize(1).to_frame()),
    "customer_forecast.interactions": (INTERACTIONS, lambda frame: _told(lambda: ig.customer_forecast(frame))),
    "customer_summary.interactions": (INTERACTIONS, ig.customer_summary),
    "evaluate_learning.actions": (ACTIONS, lambda frame: ig.evaluate_learning(GRAPH, frame, train=0.5, seed=1)),
    "explain.interactions": (INTERACTIONS, lambda frame: ig.explain(frame, "ann", "acme").to_frame()),
    "explain_change.interactions": (
        INTERACTIONS,
        lambda frame: ig.explain_change(frame, "ann", "acme", date(2026, 2, 1), "2026-05-01").to_frame(),
    ),
    "find_influencers.actions": (ACTIONS, _found),
    "find_influencers.activity": (ACTIONS[["user", "time"]], lambda frame: _found(ACTIONS, activity=frame)),
    "find_influencers.spoken": (ACTIONS, lambda frame: _found(ACTIONS, spoken=frame)),
    "influencer_case.actions": (ACTIONS, _case),
    "influencer_case.activity": (ACTIONS[["user", "time"]], lambda frame: _case(ACTIONS, activity=frame)),
    "influencer_case.spoken": (ACTIONS, lambda frame: _case(ACTIONS, spoken=frame)),
    "influencer_case.ties": (FOLLOWS, lambda frame: _case(ACTIONS, frame)),
    "find_influencers.ties": (FOLLOWS, lambda frame: ig.find_influencers(frame, ACTIONS).to_frame()),
    "fusion_scores.interactions": (INTERACTIONS, ig.fusion_scores),
    "learn.actions": (ACTIONS, lambda frame: ig.learn(GRAPH, frame).to_frame()),
    "learn_probabilities.actions": (ACTIONS, lambda frame: ig.learn_probabilities(GRAPH, frame).digest),
    "lift.records": (DAILY, lambda frame: ig.lift(frame, start="2026-02-12", days=5).to_frame()),
    "lift_per_point.campaigns": (WORTH.assign(std_error=1.0), lambda frame: ig.lift_per_point(frame).to_frame()),
    "lift_plan.daily": (DAILY, lambda frame: ig.lift_plan(frame, days=5).to_frame()),
    "panel_lift.panel": (UNITS, lambda frame: ig.panel_lift(frame, treated="a", start=26, days=3).to_frame()),
    "person_view.interactions": (INTERACTIONS, lambda frame: ig.person_view(frame, "ann").to_dict()),
    "randomized_lift.records": (DEALT, lambda frame: ig.randomized_lift(frame).to_frame()),
    "randomized_panel_lift.panel": (
        pd.concat([UNITS, UNITS.assign(unit=UNITS["unit"] + "2"), UNITS.assign(unit=UNITS["unit"] + "3")]),
        lambda frame: ig.randomized_panel_lift(frame, treated=["a", "b2", "c3"], start=26, days=3).to_frame(),
    ),
    "repeated_lift.campaigns": (AGAIN, lambda frame: ig.repeated_lift(DAILY, frame, days=3).to_frame()),
    "repeated_lift.daily": (DAILY, lambda frame: ig.repeated_lift(frame, AGAIN, days=3).to_frame()),
    "result_changes.before": (RANKS, lambda frame: ig.result_changes(frame, FORMER).to_frame()),
    "result_changes.after": (RANKS, lambda frame: ig.result_changes(FORMER, frame).to_frame()),
    "series_lift.daily": (DAILY, lambda frame: ig.series_lift(frame, start="2026-02-12", days=5).to_frame()),
    "staggered_lift.panel": (
        UNITS,
        lambda frame: ig.staggered_lift(frame, starts={"a": 26, "b": 26}, days=3).to_frame(),
    ),
}


def _told(call: Callable[[], Any]) -> Any:
    """Return the answer, or the text with which the values, not the frame, are refused."""
    try:
        return call()
    except ig.InputError as error:
        if "cannot tell" not in str(error):
            raise
        return str(error)


def _polars(frame: pd.DataFrame) -> Any:
    import polars as pl

    return pl.from_arrow(_arrow(frame))


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.astype(object).to_dict("records")]


def _arrow(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False)


GOOD: dict[str, Callable[[pd.DataFrame], Any]] = {
    "pandas": lambda frame: frame,
    "pandas, Arrow types": lambda frame: frame.convert_dtypes(dtype_backend="pyarrow"),
    "pandas, categories": lambda frame: frame.astype({n: "category" for n in frame.columns if frame[n].dtype == "str"}),
    "polars": _polars,
    "polars, lazy": lambda frame: _polars(frame).lazy(),
    "Arrow table": _arrow,
    "Arrow batch": lambda frame: _arrow(frame).combine_chunks().to_batches()[0],
    "Arrow reader": lambda frame: _arrow(frame).to_reader(),
    "Arrow dataset": lambda frame: pyarrow.dataset.dataset(_arrow(frame)),
    "DuckDB relation": lambda frame: duckdb.from_arrow(_arrow(frame)),
    "dict of columns": lambda frame: {name: frame[name].tolist() for name in frame.columns},
    "dict of arrays": lambda frame: (
        {name: frame[name].to_numpy() for name in frame.columns if name != "at"}
        | {name: frame[name] for name in frame.columns if name == "at"}
    ),
    "list of dicts": _rows,
    "named tuples": lambda frame: [namedtuple("Row", row)(**row) for row in _rows(frame)],
    "dataclasses": lambda frame: [
        make_dataclass("Row", frame.columns)(*row) for row in frame.astype(object).to_numpy()
    ],
}
WRONG: dict[str, Callable[[pd.DataFrame], Any]] = {
    "None": lambda frame: None,
    "number": lambda frame: 5,
    "text": lambda frame: "path.csv",
    "path": lambda frame: Path("path.csv"),
    "array": lambda frame: frame.to_numpy(),
    "generator": lambda frame: (row for row in _rows(frame)),
    "Series": lambda frame: frame.iloc[:, 0],
    "polars Series": lambda frame: _polars(frame)[frame.columns[0]],
    "Arrow column": lambda frame: _arrow(frame).column(0),
    "tuple": lambda frame: tuple(frame.columns),
    "set": lambda frame: {1, 2},
    "list of tuples": lambda frame: [tuple(row) for row in frame.to_numpy()],
    "list of numbers": lambda frame: [1, 2],
    "empty list": lambda frame: [],
    "empty dict": lambda frame: {},
    "one record": lambda frame: _rows(frame)[0],
    "columns of two lengths": lambda frame: {name: [1] * (2 + (name == frame.columns[0])) for name in frame.columns},
    "frame class": lambda frame: pd.DataFrame,
    "a column away": lambda frame: frame.drop(columns=frame.columns[0]),
    "a column twice": lambda frame: pd.concat([frame, frame.iloc[:, :1]], axis=1),
    "two levels of columns": lambda frame: pd.concat({"x": frame}, axis=1),
    "relation that fails": lambda frame: duckdb.sql("SELECT error('no rows') AS event_id, 1 AS at"),
    "lazy that fails": lambda frame: _polars(frame).lazy().select("nowhere"),
}
NEEDS_POLARS = ("polars", "lazy")


def _skip_without_polars(kind: str) -> None:
    if NO_POLARS and any(word in kind for word in NEEDS_POLARS):
        pytest.skip("polars is not installed")


def _equal(found: Any, expected: Any) -> None:
    if isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(found, expected)
    else:
        assert found == expected


def public_takers() -> Iterator[tuple[str, str]]:
    """Yield each parameter, of a public function or method, that is annotated as a frame, and the annotation."""
    for name in ig.__all__:
        thing = getattr(ig, name)
        for where, function in [(name, thing)] if inspect.isfunction(thing) else _methods(name, thing):
            for parameter in inspect.signature(function).parameters.values():
                if any(word in str(parameter.annotation) for word in ("Frame", "pa.Table", "ArrowStream")):
                    yield f"{where}.{parameter.name}", str(parameter.annotation)


def _methods(name: str, thing: Any) -> Iterator[tuple[str, Any]]:
    for method, function in inspect.getmembers(thing, lambda each: inspect.isfunction(each) or inspect.ismethod(each)):
        if method == "__init__" and not _is_result(thing):
            yield name, function
        elif not method.startswith("_"):
            yield f"{name}.{method}", function


def _is_result(thing: Any) -> bool:
    """Return whether *thing* is made by a function of the package, not by callers: its frames are pandas' own."""
    return hasattr(thing, "to_frame") or thing in (ig.Spread, ig.ScoreChange)


def test_every_public_function_that_takes_a_frame_is_in_the_table() -> None:
    assert {name for name, _ in public_takers()} == set(TAKERS)


def test_each_takes_any_frame_and_not_pandas_or_arrow_alone() -> None:
    assert [(name, kind) for name, kind in public_takers() if "pd.DataFrame" in kind or "pa.Table" in kind] == []


@pytest.mark.parametrize("kind", [kind for kind in GOOD if kind != "pandas"])
@pytest.mark.parametrize("taker", TAKERS)
def test_every_kind_of_frame_gives_the_same_answer(taker: str, kind: str) -> None:
    _skip_without_polars(kind)
    frame, call = TAKERS[taker]
    _equal(call(GOOD[kind](frame)), call(frame))


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("taker", TAKERS)
def test_what_is_no_frame_is_refused_in_one_line(taker: str, kind: str) -> None:
    _skip_without_polars(kind)
    frame, call = TAKERS[taker]
    may_lack = taker.startswith(("BrandRecords", "PersonRecords")) or taker.endswith((".activity", ".spoken"))
    if kind == "None" and may_lack:
        pytest.skip("None: there are no such records")
    with pytest.raises(ig.InputError) as caught:
        call(WRONG[kind](frame))
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_a_frame_is_never_changed() -> None:
    for frame, call in TAKERS.values():
        before = frame.copy(deep=True)
        call(frame)
        pd.testing.assert_frame_equal(frame, before)


# Every way of writing the same moment.
MOMENTS = [
    date(2026, 2, 1),
    "2026-02-01",
    datetime(2026, 2, 1, tzinfo=UTC),
    pd.Timestamp("2026-02-01", tz="UTC"),
    pd.Timestamp("2026-02-01T01:00", tz="Europe/Berlin"),
    np.datetime64("2026-02-01"),
    "2026-02-01T00:00:00Z",
    "2026-02-01T01:00:00+01:00",
]
NO_MOMENTS = [
    datetime(2026, 2, 1),
    pd.Timestamp("2026-02-01"),
    np.datetime64("2026-02-01T00:00"),
    "2026-02-01T00:00",
    "yesterday",
    "",
    pd.NaT,
    5,
    1_769_904_000.0,
    [date(2026, 2, 1)],
    datetime.max.replace(tzinfo=UTC).isoformat().replace("+00:00", "-12:00"),
]
STATE = ig.FusionState.build(INTERACTIONS)
TIMED: dict[str, Callable[[Any], Any]] = {
    "FusionState.scores.as_of": STATE.scores,
    "FusionState.at.times": lambda time: STATE.at("ann", "acme", [time]),
    "bond_changes.start": lambda time: ig.bond_changes(INTERACTIONS, time, date(2026, 5, 1)).to_frame(),
    "bond_changes.end": lambda time: ig.bond_changes(INTERACTIONS, date(2026, 1, 2), time).to_frame(),
    "brand_leaderboard.as_of": lambda time: ig.brand_leaderboard(INTERACTIONS, as_of=time).to_dict(),
    "person_view.as_of": lambda time: ig.person_view(INTERACTIONS, "ann", as_of=time).to_dict(),
    "brand_view.as_of": lambda time: ig.brand_view(INTERACTIONS, "acme", as_of=time).to_dict(),
    "co_associations.as_of": lambda time: ig.co_associations(INTERACTIONS, time),
    "customer_forecast.until": lambda time: _told(lambda: ig.customer_forecast(INTERACTIONS, until=time)),
    "customer_summary.until": lambda time: ig.customer_summary(INTERACTIONS, until=time),
    "explain.as_of": lambda time: ig.explain(INTERACTIONS, "ann", "acme", time).to_frame(),
    "explain.valid_at": lambda time: ig.explain(INTERACTIONS, "ann", "acme", valid_at=time).to_frame(),
    "explain_change.start": lambda time: ig.explain_change(
        INTERACTIONS, "ann", "acme", time, date(2026, 5, 1)
    ).to_frame(),
    "explain_change.end": lambda time: ig.explain_change(
        INTERACTIONS, "ann", "acme", date(2026, 1, 2), time
    ).to_frame(),
    "fusion_scores.as_of": lambda time: ig.fusion_scores(INTERACTIONS, time),
    "fusion_scores.valid_at": lambda time: ig.fusion_scores(INTERACTIONS, valid_at=time),
}
HELD = (
    *(ig.DiffusionParameters, ig.LearnParameters, ig.RankParameters, ig.ReachParameters, ig.ScoreParameters),
    *(ig.SeedsParameters, ig.InteractionFilter),
)


def test_every_public_function_that_takes_a_time_is_in_the_table() -> None:
    found = {
        f"{where}.{parameter.name}"
        for name in ig.__all__
        for where, function in (
            [(name, getattr(ig, name))] if inspect.isfunction(getattr(ig, name)) else _methods(name, getattr(ig, name))
        )
        for parameter in inspect.signature(function).parameters.values()
        if "Time" in str(parameter.annotation)
    }
    assert found == set(TIMED)


@pytest.mark.parametrize("taker", TIMED)
def test_a_time_means_the_same_however_it_is_written(taker: str) -> None:
    expected = TIMED[taker](MOMENTS[2])
    for moment in MOMENTS:
        _equal(TIMED[taker](moment), expected)


@pytest.mark.parametrize("moment", NO_MOMENTS, ids=repr)
@pytest.mark.parametrize("taker", [*TIMED, *(kind.__name__ for kind in HELD)])
def test_what_is_no_time_is_refused_in_one_line(taker: str, moment: Any) -> None:
    call = TIMED[taker] if taker in TIMED else lambda time: getattr(ig, taker)(as_of=time)
    with pytest.raises(ig.InputError) as caught:
        call(moment)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", HELD)
def test_parameters_hold_utc_times(kind: Any) -> None:
    assert [kind(as_of=moment).as_of for moment in MOMENTS] == [MOMENTS[2]] * len(MOMENTS)


def test_a_store_takes_times_as_the_functions_do(tmp_path: Path) -> None:
    with ig.open_store(str(tmp_path / "store")) as store:
        store.append("people", [])
        graphs = [store.graph("all", moment) for moment in MOMENTS]
        assert {graph.as_of for graph in graphs} == {MOMENTS[2]}
        with pytest.raises(ig.InputError, match="no time zone"):
            store.kinds(datetime(2026, 2, 1))


def frame_table() -> str:
    """Return which kinds of frame each function takes, as a table in Markdown."""
    kinds = [*GOOD, *WRONG]
    lines = [f"| function and parameter | {' | '.join(kinds)} |", "|" + " --- |" * (len(kinds) + 1)]
    for taker, (frame, call) in TAKERS.items():
        cells = []
        for make in [*GOOD.values(), *WRONG.values()]:
            try:
                call(make(frame))
                cells.append("yes")
            except ig.InfluenceGraphError:
                cells.append("refused")
        lines.append(f"| `{taker}` | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(frame_table())  # noqa: T201 - what the table is made for
