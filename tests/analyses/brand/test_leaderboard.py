"""All brands side by side: each as its own view has it."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import influence_graph as ig
from influence_graph.analyses.brand.leaderboard import ORDERS, texts_of
from influence_graph.analyses.intervals import clustered_mean, wilson
from influence_graph.errors import InputError
from influence_graph.model.names import NodeNames
from tests.analyses.brand.events import crowd, events


def given() -> pd.DataFrame:
    frame = crowd(60)
    rng = np.random.default_rng(2)
    paid = pd.Series(rng.choice([True, False, None], len(frame)), dtype=object)
    lone = events((3, "c1", "lone", "review"), (4, "c2", "lone", "review"), (5, "c2", "lone", "wear"))
    return pd.concat([frame.assign(paid=paid), lone.assign(event_id=["l0", "l1", "l2"])], ignore_index=True)


@pytest.mark.parametrize("half_life", [np.inf, 60.0])
def test_every_brand_has_the_figures_of_its_own_view(half_life: float) -> None:
    policy = ig.FusionPolicy(half_life_days=half_life)
    board = ig.brand_leaderboard(given(), policy=policy).brands.set_index("brand")
    assert set(board.index) == {"acme", "bolt", "core", "dusk", "lone"}
    for brand, row in board.iterrows():
        view = ig.brand_view(given(), str(brand), policy=policy)
        assert (row["bonds"], row["customers"], row["orders"]) == (
            view.health.count,
            view.profit.count,
            view.profit.orders,
        )
        assert row["bond_sum"] == pytest.approx(view.health.total)
        assert (row["interactions"], row["received"]) == (view.judgment.given, view.judgment.received)
        assert (row["paid"], row["meant"], row["unstated"]) == (
            view.giving.paid,
            view.giving.meant,
            view.giving.unstated,
        )
        for measure, alone in {
            "positive": view.health.positive,
            "negative": view.health.negative,
            "unfavorable": view.judgment.negative,
        }.items():
            found = [row[measure], row[f"{measure}_low"], row[f"{measure}_high"]]
            if alone is None:
                assert np.isnan(found).all()
            else:
                assert found == pytest.approx([alone.value, alone.low, alone.high])
        if view.health.mean is not None:
            assert row["mean_bond"] == pytest.approx(view.health.mean.value)


def test_share_of_voice_is_of_all_that_consumers_did_and_adds_up_to_one() -> None:
    frame = given()
    board = ig.brand_leaderboard(frame)
    acts = frame[~frame["kind"].isin(["recovery", "giveaway"])]  # the two kinds that brands do
    assert (board.acts, board.consumers) == (len(acts), acts["consumer"].nunique())
    shares = board.brands.set_index("brand")
    assert shares["share_of_voice"].sum() == pytest.approx(1.0)
    consumer = pd.factorize(acts["consumer"])[0]
    for brand in ("acme", "bolt", "core"):
        alone = clustered_mean((acts["brand"] == brand).to_numpy(float), consumer)
        assert alone is not None
        ends = ("share_of_voice", "share_of_voice_low", "share_of_voice_high")
        assert [shares.loc[brand, end] for end in ends] == pytest.approx([alone.value, alone.low, alone.high])


def test_free_use_is_an_act_of_the_consumer_though_the_brand_gives() -> None:
    board = ig.brand_leaderboard(events(*[(0, f"c{n}", "acme" if n < 12 else "bolt", "free_use") for n in range(40)]))
    shares = board.brands.set_index("brand")
    assert (board.acts, board.consumers) == (40, 40)
    assert shares.loc["acme", "share_of_voice"] == pytest.approx(0.3)
    expected = wilson(12, 40)
    assert expected is not None
    assert shares.loc["acme", "share_of_voice_low"] == pytest.approx(expected.low, abs=0.01)
    assert shares.loc["acme", "interactions"] == 0
    assert texts_of(board.brands, "favorable") == ["not on record"] * 2


def test_a_brand_of_few_consumers_is_not_best() -> None:
    rows = [(n / 10, f"c{n}", "large", "review") for n in range(60)]
    rows += [(n / 10, f"d{n}", "tiny", "recommend") for n in range(3)]
    frame = events(*rows).assign(weight=[1 + n % 2 for n in range(60)] + [50.0] * 3)
    board = ig.brand_leaderboard(frame)
    assert board.brands["brand"].tolist() == ["large", "tiny"]
    tiny = board.brands.iloc[1]
    assert np.isnan(tiny[["mean_bond", "positive", "percentile", "z"]].astype(float)).all()
    assert tiny["standing"] == "cannot tell"
    assert texts_of(board.brands, "mean_bond")[1] == "too few"
    assert texts_of(board.brands, "meant_share") == ["not on record"] * 2


@pytest.mark.parametrize("by", ORDERS)
def test_each_order_is_by_its_column_with_the_unknown_last(by: str) -> None:
    board = ig.brand_leaderboard(given(), by=by)
    values = board.brands[ORDERS[by]]
    known = values.dropna()
    assert known.is_monotonic_decreasing
    assert values.isna().tolist() == [False] * len(known) + [True] * (len(values) - len(known))
    assert board.brands["rank"].tolist() == list(range(1, len(values) + 1))
    assert board.by == by


def test_what_was_not_known_yet_does_not_count() -> None:
    frame = given()
    time = frame["at"].min() + pd.Timedelta(days=80)
    board = ig.brand_leaderboard(frame, as_of=time).brands
    early = ig.brand_leaderboard(frame[frame["at"] <= time], as_of=time).brands
    pd.testing.assert_frame_equal(board, early)
    assert board["interactions"].sum() < ig.brand_leaderboard(frame).brands["interactions"].sum()


def test_sentences_name_brands_and_say_what_cannot_be_told() -> None:
    board = ig.brand_leaderboard(given())
    text = " ".join(board.sentences(NodeNames(brands={board.brands["brand"][0]: "The First"})))
    assert f"The First ({board.brands['brand'][0]})" in text
    assert "2 brands of 5 have fewer than 10 consumers" in text
    assert f"{board.acts:,} things" in text
    json.dumps(board.to_dict(), allow_nan=False)
    single = " ".join(ig.brand_leaderboard(events((0, "a", "b", "review"))).sentences())
    assert "cannot tell" in single
    assert "nan" not in single


def test_bad_input_is_refused_in_one_line() -> None:
    with pytest.raises(InputError, match="did you mean 'favorable'"):
        ig.brand_leaderboard(given(), by="favourable")
    with pytest.raises(InputError, match="no interactions"):
        ig.brand_leaderboard(given().head(0))
