import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.fusion.explain import explain
from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.fusion.scores import fusion_scores, scale_of
from influence_graph.analyses.fusion.spillover import spilled
from influence_graph.analyses.fusion.state import FusionState
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.fusion import naive
from tests.analyses.fusion.events import (
    BRANDS,
    CONSUMERS,
    START,
    frame,
    ledgers,
    one_event,
    policies,
    quick,
    with_rivals,
)

END = START + timedelta(days=20)


def bonds(result):
    """Return {(consumer, brand): (to_brand, to_consumer)} of a result."""
    columns = ("consumer", "brand", "to_brand", "to_consumer")
    return {(c, b): (x, y) for c, b, x, y in zip(*(result[name].tolist() for name in columns), strict=True)}


def same(found, expected, tolerance=1e-9):
    assert found.keys() == expected.keys()
    for bond, sides in expected.items():
        assert found[bond] == pytest.approx(sides, rel=tolerance, abs=tolerance), bond


def story(**changes):
    concert = {"event_id": "concert", "at": "2026-05-01T20:00:00Z", "consumer": "singer", "brand": "sweater"}
    blame = {"event_id": "blame", "at": "2026-05-08T20:00:00Z", "consumer": "singer", "brand": "restaurant"}
    return pd.DataFrame([{**concert, "points": 3.0}, {**blame, "points": -8.0, "with_brands": "sweater", **changes}])


def score(events, brand, **options):
    return fusion_scores(events, **options).set_index("brand")["fusion_score"][brand]


def test_the_singers_week_takes_the_sweater_from_three_to_one():
    assert score(story(), "sweater", as_of="2026-05-01T20:00:00Z") == 3.0
    assert score(story(), "sweater") == 1.0
    assert score(story(), "restaurant") == -8.0


def test_the_singers_week_with_a_half_life_of_180_days():
    policy = FusionPolicy(half_life_days=180)
    assert score(story(), "sweater", policy=policy) == pytest.approx(0.920213, abs=1e-6)


@pytest.mark.parametrize(("blame", "expected"), [(0.0, 3.0), (0.5, 2.0), (None, 1.0)])
def test_blame_gates_what_a_negative_event_spills(blame, expected):
    assert score(story(blame=blame), "sweater") == expected


def test_blame_does_not_gate_a_positive_event():
    assert score(story(points=8.0, blame=0.0), "sweater") == 5.0


def test_spillover_alone_makes_a_bond():
    result = fusion_scores(story().iloc[1:])
    assert bonds(result) == {("singer", "restaurant"): (-8.0, 0.0), ("singer", "sweater"): (-2.0, 0.0)}


@pytest.mark.parametrize("change", [{"blame": 0.0}, {"points": 0.0}])
def test_a_spillover_of_nothing_makes_no_bond(change):
    assert list(bonds(fusion_scores(story(**change).iloc[1:]))) == [("singer", "restaurant")]


def test_derived_points_follow_the_value_function():
    gain = {"event_id": "1", "at": "2026-05-01T20:00:00Z", "consumer": "a", "brand": "gain", "kind": "repeat_purchase"}
    loss = {**gain, "event_id": "2", "brand": "loss", "valence": -0.5, "reach": 999.0, "confidence": 0.5}
    result = fusion_scores(pd.DataFrame([gain, loss])).set_index("brand")["fusion_score"]
    assert result["gain"] == pytest.approx(2**0.88 + 0.5**0.88)  # money, and goods in return
    assert result["loss"] == pytest.approx(0.5 * -2.25 * (1.0 * (1 + 3 / 5) + 0.25**0.88))


def test_reach_beyond_saturation_counts_more_than_twice():
    event = {"event_id": "1", "at": "2026-05-01T20:00:00Z", "consumer": "a", "brand": "b", "reach": 1e10 - 1}
    assert fusion_scores(pd.DataFrame([event]))["fusion_score"].item() == pytest.approx(3.0)


def test_reciprocity_and_display_stand_beside_the_score():
    give = {"event_id": "1", "at": "2026-05-01T20:00:00Z", "consumer": "a", "brand": "b", "points": 6.0}
    get = {**give, "event_id": "2", "points": 2.0, "direction": "to_consumer"}
    row = fusion_scores(pd.DataFrame([give, get])).iloc[0]
    assert (row["to_brand"], row["to_consumer"], row["fusion_score"]) == (6.0, 2.0, 8.0)
    assert row["reciprocity"] == pytest.approx(2 * 2 / 8)
    assert row["display"] == pytest.approx(100 * math.tanh(0.8))


def test_no_event_gives_no_bond():
    result = fusion_scores(frame([]))
    assert len(result) == 0
    assert result.columns.tolist()[:3] == ["consumer", "brand", "fusion_score"]
    assert result.attrs["as_of"] is None


def test_as_of_defaults_to_the_latest_time_known():
    late = story(recorded_at="2026-06-01T00:00:00Z")
    assert fusion_scores(story()).attrs["as_of"] == datetime(2026, 5, 8, 20, tzinfo=UTC)
    assert fusion_scores(late).attrs["as_of"] == datetime(2026, 6, 1, tzinfo=UTC)


@quick
@given(ledgers(), policies, st.integers(0, 12))
def test_scores_are_those_of_the_definition(events, policy, days):
    as_of = START + timedelta(days=days)
    same(bonds(fusion_scores(frame(events), as_of, policy)), naive.scores(events, as_of, policy))


@quick
@given(ledgers(), policies)
def test_arrow_dictionaries_and_frames_give_the_same(events, policy):
    plain = frame(events).astype(object)
    table = pa.table(
        {
            name: pa.array(plain[name].where(plain[name].notna(), None), from_pandas=True)
            for name in plain
            if plain[name].notna().any() or name in ("event_id", "at", "consumer", "brand")
        }
    )
    for name in ("consumer", "brand"):
        column = table.column(name).cast(pa.string()).dictionary_encode()
        table = table.set_column(table.column_names.index(name), name, column)
    same(bonds(fusion_scores(table, END, policy)), bonds(fusion_scores(frame(events), END, policy)), 0.0)


@quick
@given(ledgers(), policies, st.randoms(use_true_random=False))
def test_order_of_events_does_not_matter(events, policy, random):
    expected = bonds(fusion_scores(frame(events), END, policy))
    random.shuffle(events)
    same(bonds(fusion_scores(frame(events), END, policy)), expected)


@quick
@given(ledgers(), policies, st.data())
def test_a_repeated_event_changes_nothing(events, policy, data):
    again = data.draw(st.lists(st.sampled_from(events), max_size=3)) if events else []
    same(bonds(fusion_scores(frame(events + again), END, policy)), bonds(fusion_scores(frame(events), END, policy)))


@quick
@given(ledgers(late=False), st.sampled_from((math.inf, 5.0)), st.integers(0, 6))
def test_replay_equals_going_on_from_an_earlier_score(events, half_life, days):
    policy, middle = FusionPolicy(half_life_days=half_life), START + timedelta(days=days)
    fade = 2 ** (-(END - middle).total_seconds() / 86_400 / half_life)
    before = bonds(fusion_scores(frame(events), middle, policy))
    going_on = {bond: (fade * x, fade * y) for bond, (x, y) in before.items()}
    newer = {e["event_id"] for e in events if naive.when(e["at"]) > middle}
    for event, consumer, brand, direction, amount in naive.terms(events, END, policy):
        if event in newer:
            x, y = going_on.get((consumer, brand), (0.0, 0.0))
            going_on[consumer, brand] = (x + amount, y) if direction == "to_brand" else (x, y + amount)
    same(bonds(fusion_scores(frame(events), END, policy)), going_on)


@quick
@given(ledgers(), policies)
def test_terms_sum_to_the_score(events, policy):
    table = frame(events)
    for (consumer, brand), sides in bonds(fusion_scores(table, END, policy)).items():
        found = explain(table, consumer, brand, END, policy=policy)
        assert (found.to_brand, found.to_consumer) == pytest.approx(sides, rel=1e-9, abs=1e-9)
        assert found.contributions["contribution"].sum() == pytest.approx(sum(sides), rel=1e-9, abs=1e-9)


@quick
@given(ledgers(declared=True, blame=False), policies)
def test_turning_every_sign_turns_the_score(events, policy):
    turned = [{**e, "points": -e["points"]} for e in events]
    expected = {bond: (-x, -y) for bond, (x, y) in bonds(fusion_scores(frame(events), END, policy)).items()}
    same(bonds(fusion_scores(frame(turned), END, policy)), expected)


@quick
@given(one_event(late=False), st.sampled_from((0.5, 3.0, 400.0)), st.integers(6, 400))
def test_fading_never_turns_the_sign_of_a_single_event(event, half_life, days):
    table = frame([{"event_id": "e", **event}])
    fresh = fusion_scores(table, START + timedelta(days=6))
    faded = fusion_scores(table, START + timedelta(days=days), FusionPolicy(half_life_days=half_life))
    turned = np.sign(fresh["fusion_score"]) * np.sign(faded["fusion_score"]) < 0
    vanished = (faded["fusion_score"] == 0) & (fresh["fusion_score"].abs() > 1e-100)  # less may fall below any float
    assert not (turned | vanished).any()
    assert (fresh["fusion_score"].abs() >= faded["fusion_score"].abs() - 1e-12).all()


@quick
@given(ledgers(), policies)
def test_an_event_spills_at_most_rho_of_its_points(events, policy):
    table = frame(events)
    spilled, points = {}, {}
    for consumer in {e["consumer"] for e in events}:
        brands = {brand for c, brand in bonds(fusion_scores(table, END, policy)) if c == consumer}
        for brand in brands:
            terms = explain(table, consumer, brand, END, policy=policy).contributions
            for row in terms[terms["term"] == "spillover"].itertuples():
                spilled[row.event_id] = spilled.get(row.event_id, 0.0) + abs(row.points * row.share)
                points[row.event_id] = abs(row.points)
    assert all(spilled[e] <= policy.spillover * points[e] * (1 + 1e-12) for e in spilled)


@quick
@given(ledgers(max_size=8), with_rivals)
def test_what_spills_to_partners_and_rivals_is_at_most_rho_of_the_points(events, policy):
    ledger = read_ledger(frame(events))
    known = ledger.as_known_at(END)
    points = points_of(known, policy, END)
    spill, _ = spilled(known, points, policy, points.side)
    left = np.abs(points.points * points.decay)
    for consumer in range(len(known.consumer.names)):
        amount = np.abs(spill.amount[spill.consumer == consumer]).sum()
        assert amount <= policy.spillover * left[known.consumer.codes == consumer].sum() * (1 + 1e-12)


@quick
@given(ledgers(max_size=8), with_rivals, st.integers(0, 12))
def test_scores_with_rivals_are_those_of_the_definition(events, policy, days):
    as_of = START + timedelta(days=days)
    same(bonds(fusion_scores(frame(events), as_of, policy)), naive.scores(events, as_of, policy))


def test_the_loss_of_a_rival_is_a_gain():
    policy = FusionPolicy(rivals={("sweater", "restaurant"): -1.0})
    assert score(story(), "sweater", policy=policy) == 5.0
    assert score(story(), "sweater", policy=FusionPolicy(rivals={("restaurant", "sweater"): 0.5})) == score(
        story(), "sweater", policy=FusionPolicy(spillover=0.125)
    )


def test_a_relation_of_nothing_makes_no_bond():
    policy = FusionPolicy(rivals={("sweater", "restaurant"): 0.0})
    assert list(bonds(fusion_scores(story().iloc[1:], policy=policy))) == [("singer", "restaurant")]


def test_ten_thousand_fake_followers_without_history_move_a_real_bond_by_nothing():
    real = story()
    fake = pd.DataFrame(
        {
            "event_id": [f"fake{i}" for i in range(10_000)],
            "at": "2026-05-08T20:00:00Z",
            "consumer": [f"bot{i}" for i in range(10_000)],
            "brand": ["sweater", "restaurant"] * 5_000,
            "points": [50.0, -50.0] * 5_000,
            "with_brands": ["restaurant", "sweater"] * 5_000,
        }
    )
    policy = FusionPolicy(half_life_days=180)
    before = bonds(fusion_scores(real, policy=policy))
    after = bonds(fusion_scores(pd.concat([real, fake]), policy=policy))
    assert len(after) == 20_000 + len(before)
    assert {bond: after[bond] for bond in before} == before  # to the last bit
    patched = bonds(FusionState.build(real, policy).update(fake).scores())
    assert {bond: patched[bond] for bond in before} == before


@quick
@given(ledgers())
def test_without_spillover_only_direct_events_count(events):
    policy = FusionPolicy(spillover=0)
    direct = [{**e, "with_brands": None} for e in events]
    same(bonds(fusion_scores(frame(events), END, policy)), bonds(fusion_scores(frame(direct), END)))


@quick
@given(ledgers(), policies, st.integers(0, 10))
def test_nothing_recorded_later_is_used(events, policy, days):
    as_of = START + timedelta(days=days)
    known = naive.known(events, as_of)
    same(bonds(fusion_scores(frame(events), as_of, policy)), bonds(fusion_scores(frame(known), as_of, policy)))


@quick
@given(ledgers(), policies, one_event(late=False))
def test_a_positive_event_that_names_no_other_brand_never_lowers_its_bond(events, policy, event):
    added = {**event, "event_id": "new", "with_brands": None, "points": 2.5}
    bond = (added["consumer"], added["brand"])
    before = bonds(fusion_scores(frame(events), END, policy)).get(bond, (0.0, 0.0))
    after = bonds(fusion_scores(frame([*events, added]), END, policy))[bond]
    assert sum(after) >= sum(before) - 1e-9


@quick
@given(ledgers(), policies, st.permutations(BRANDS), st.permutations(CONSUMERS))
def test_relabelling_changes_nothing(events, policy, brands, consumers):
    names = dict(zip((*BRANDS, *CONSUMERS), (*brands, *consumers), strict=True))
    renamed = [
        {
            **e,
            "consumer": names[e["consumer"]],
            "brand": names[e["brand"]],
            "with_brands": e["with_brands"] and "|".join(names[b] for b in e["with_brands"].split("|")),
        }
        for e in events
    ]
    plain = bonds(fusion_scores(frame(events), END, policy))
    expected = {(names[c], names[b]): sides for (c, b), sides in plain.items()}
    same(bonds(fusion_scores(frame(renamed), END, policy)), expected)


def test_rows_are_ordered_by_consumer_and_brand():
    events = [
        {"event_id": str(i), "at": "2026-05-01T20:00:00Z", "consumer": c, "brand": b, "points": 1.0}
        for i, (c, b) in enumerate([("é", "b"), ("z", "b"), ("Z", "b"), ("z", "a"), ("10", "b"), ("9", "b")])
    ]
    found = list(bonds(fusion_scores(pd.DataFrame(events))))
    assert found == sorted(found)


@pytest.mark.parametrize("seed", range(20))
def test_the_scale_of_the_data_leaves_at_most_one_bond_in_twenty_above_99(seed):
    rng = np.random.default_rng(seed)
    scores = rng.pareto(0.7, int(rng.integers(1, 400))) * 10.0 ** rng.integers(0, 6) * rng.choice([-1, 1])
    scale = scale_of(scores)
    assert np.mean(np.abs(100 * np.tanh(scores / scale)) > 99) <= 0.05
    assert scale == pytest.approx(float(f"{scale:.2g}"))
    assert scale_of(scores * 1e-9) == 10.0


def test_the_scale_is_recorded_beside_the_scores_and_a_given_one_is_kept():
    gives = {"event_id": "1", "at": "2026-05-01T20:00:00Z", "consumer": "a", "brand": "b", "points": 3000.0}
    found = fusion_scores(pd.DataFrame([gives]))
    assert found["display"].item() == pytest.approx(100 * math.tanh(3000 / found.attrs["display_scale"]))
    assert 85 < found["display"].item() < 91
    given = fusion_scores(pd.DataFrame([gives]), policy=FusionPolicy(display_scale=3000.0))
    assert given["display"].item() == pytest.approx(76.159, abs=1e-3)
    assert given.attrs["display_scale"] == 3000.0


def test_stating_a_reach_never_lowers_a_recommendation():
    said = {"at": "2026-05-01T20:00:00Z", "consumer": "a", "kind": "recommend"}
    rows = [
        {**said, "event_id": str(n), "brand": f"b{n}", "reach": reach} for n, reach in enumerate([None, 0, 95, 1e6])
    ]
    scores = fusion_scores(pd.DataFrame(rows)).set_index("brand")["fusion_score"]
    assert scores["b0"] == scores["b1"] == pytest.approx(3**0.88)
    assert scores["b1"] < scores["b2"] < scores["b3"]


def test_money_counts_only_where_the_policy_says_how():
    bought = {"event_id": "1", "at": "2026-05-01T20:00:00Z", "consumer": "a", "brand": "b", "kind": "purchase"}
    events = pd.DataFrame([{**bought, "value": 178.0}])
    plain = 1.0 + 0.5**0.88
    assert fusion_scores(events)["fusion_score"].item() == pytest.approx(plain)
    counted = fusion_scores(events, policy=FusionPolicy(value_unit=178.0))["fusion_score"].item()
    assert counted == pytest.approx(2.0 + 0.5**0.88)


@pytest.mark.parametrize(
    ("kind", "points", "counts"), [("recovery", 5.0, 0.0), ("wear", 5.0, 5.0), ("renewal", 5.0, 5.0)]
)
def test_declared_points_count_for_loyalty_by_their_touchpoint_or_by_what_they_show(kind, points, counts):
    event = {
        "event_id": "1",
        "at": "2026-05-01T20:00:00Z",
        "consumer": "a",
        "brand": "b",
        "kind": kind,
        "points": points,
    }
    loyalty = fusion_scores(pd.DataFrame([event]), policy=FusionPolicy(outcome="loyalty"))
    assert loyalty["fusion_score"].sum() == counts
    assert fusion_scores(pd.DataFrame([event]))["fusion_score"].item() == points


def test_buyers_who_come_back_are_loyal_and_others_not_yet():
    buys = {"brand": "b", "kind": "purchase"}
    days = [("ann", "2026-05-01"), ("ann", "2026-05-09"), ("bob", "2026-05-01")]
    rows = [
        {**buys, "event_id": str(n), "consumer": who, "at": f"{day}T20:00:00Z"} for n, (who, day) in enumerate(days)
    ]
    loyal = fusion_scores(pd.DataFrame(rows), policy=FusionPolicy(outcome="loyalty")).set_index("consumer")
    assert loyal.loc["ann", "fusion_score"] == pytest.approx(2**0.88 + 0.5**0.88)
    assert loyal.loc["bob", "fusion_score"] == 0
