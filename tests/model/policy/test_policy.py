import json
import math

import pytest
from hypothesis import given

from influence_graph.errors import InputError
from influence_graph.model.policy.diff import differences
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import TOUCHPOINTS
from influence_graph.model.touchpoints import TouchpointTable
from tests.model.policy.strategies import policies


def test_nothing_fades_unless_told():
    assert all(FusionPolicy().half_life(touchpoint) == math.inf for touchpoint in TOUCHPOINTS)


def test_a_mapping_sets_the_half_life_of_its_touchpoints_only():
    policy = FusionPolicy(half_life_days={"expediting": 30})
    assert policy.half_life("expediting") == 30
    assert policy.half_life("engagement") == math.inf


def test_all_five_touchpoints_move_recommending_and_two_move_loyalty():
    recommend, loyalty = FusionPolicy(), FusionPolicy(outcome="loyalty")
    assert [recommend.weight(touchpoint) for touchpoint in TOUCHPOINTS] == [1.0] * 5
    assert {t for t in TOUCHPOINTS if loyalty.weight(t) == 1} == {"engagement", "brand_experience"}
    assert {loyalty.weight(t) for t in TOUCHPOINTS} == {0.0, 1.0}


def test_all_parameters_survive_json():
    policy = FusionPolicy(half_life_days={"expediting": 30.0}, outcome="loyalty")
    record = json.loads(json.dumps(policy.to_dict(), allow_nan=False))
    assert record["half_life_days"]["expediting"] == 30.0
    assert record["half_life_days"]["engagement"] == "inf"
    assert record["weights"]["loyalty"]["expediting"] == 0.0
    assert record["table"] == policy.table.digest


def test_a_policy_keeps_its_own_copy_of_mappings():
    days = {"expediting": 30.0}
    policy = FusionPolicy(half_life_days=days)
    days["expediting"] = 1.0
    assert policy.half_life("expediting") == 30


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("spillover", -0.1),
        ("spillover", 1.1),
        ("spillover", math.nan),
        ("spillover", "much"),
        ("spillover", 10**400),
        ("blame", 1.5),
        ("version", 1),
        ("version", "two\nlines"),
        ("loss_aversion", -1.0),
        ("loss_aversion", math.inf),
        ("curvature", 0.0),
        ("curvature", 1.5),
        ("reach_saturation", 1.0),
        ("reach_saturation", math.inf),
        ("display_scale", 0.0),
        ("half_life_days", 0.0),
        ("half_life_days", -5.0),
        ("half_life_days", math.nan),
        ("half_life_days", {"engagement": -1.0}),
        ("half_life_days", {"chatting": 1.0}),
        ("outcome", "fame"),
        ("outcome", ["recommend"]),
        ("weights", {"recommend": {"engagement": -1.0}}),
        ("weights", {"recommend": {"chatting": 1.0}}),
    ],
)
def test_values_outside_their_limits_are_refused(name, value):
    with pytest.raises(InputError) as caught:
        FusionPolicy(**{name: value})
    assert name.split("_")[0].removesuffix("s") in str(caught.value)
    assert caught.value.remedy


def test_brands_are_partners_unless_a_pair_is_named_in_either_order():
    policy = FusionPolicy(rivals={("nike", "adidas"): -0.5})
    assert policy.relation("nike", "adidas") == policy.relation("adidas", "nike") == -0.5
    assert policy.relation("nike", "puma") == 1.0
    assert policy.to_dict()["rivals"] == [{"brands": ["adidas", "nike"], "relation": -0.5}]


def test_a_pair_may_be_named_twice_only_with_the_same_value():
    assert len(FusionPolicy(rivals={("a", "b"): 0.5, ("b", "a"): 0.5}).rivals) == 1
    with pytest.raises(InputError, match=r"both 0\.5 and -0\.5"):
        FusionPolicy(rivals={("a", "b"): 0.5, ("b", "a"): -0.5})


@pytest.mark.parametrize(
    "policy",
    [
        FusionPolicy(),
        FusionPolicy(half_life_days=30, rivals={("b", "a"): -0.5}, blame=0.5, version="spring"),
        FusionPolicy(half_life_days={"expediting": 30}, weights={"loyalty": {"engagement": 2}}, outcome="loyalty"),
    ],
)
def test_a_recorded_policy_can_be_read_back(policy):
    back = FusionPolicy.from_dict(json.loads(json.dumps(policy.to_dict(), allow_nan=False)))
    assert back.to_dict() == policy.to_dict()
    assert [back.half_life(t) for t in TOUCHPOINTS] == [policy.half_life(t) for t in TOUCHPOINTS]
    assert (back.weights, back.rivals) == (policy.weights, policy.rivals)


def test_a_record_of_the_time_when_only_the_weights_of_the_outcome_were_kept_can_be_read():
    policy = FusionPolicy.from_dict({"outcome": "loyalty", "weights": {"engagement": 0.5}, "spillover": 0.1})
    assert (policy.weight("engagement"), policy.weight("expediting"), policy.spillover) == (0.5, 0.0, 0.1)


def test_a_policy_is_not_read_back_with_another_touchpoint_table():
    with pytest.raises(InputError, match="recorded with touchpoint table"):
        FusionPolicy.from_dict(FusionPolicy().to_dict(), TouchpointTable({}))


@pytest.mark.parametrize(
    ("rivals", "said"),
    [
        ({("a", "b"): -1.5}, "-1.5"),
        ({("a", "b"): math.nan}, "nan"),
        ({("a", "b"): "rivals"}, "'rivals'"),
        ({("a", "a"): -1.0}, "pair of brands"),
        ({("a", ""): -1.0}, "pair of brands"),
        ({"ab": -1.0}, "pair of brands"),
    ],
)
def test_relations_outside_their_limits_are_refused(rivals, said):
    with pytest.raises(InputError, match=said) as caught:
        FusionPolicy(rivals=rivals)
    assert caught.value.remedy


SHOWN = [
    (FusionPolicy(), "FusionPolicy()"),
    (FusionPolicy(half_life_days=90, spillover=0.5), "FusionPolicy(half_life_days=90, spillover=0.5)"),
    (FusionPolicy(half_life_days={"expediting": 30}), "FusionPolicy(half_life_days={'expediting': 30})"),
    (FusionPolicy(rivals={("b", "a"): -1.0}), "FusionPolicy(rivals={('a', 'b'): -1.0})"),
    (FusionPolicy(rivals={("a", f"b{n}"): 0.0 for n in range(99)}), "FusionPolicy(rivals=<99 entries>)"),
    (FusionPolicy(outcome="loyalty", version="spring"), "FusionPolicy(outcome='loyalty', version='spring')"),
    (
        FusionPolicy(weights={"recommend": {**dict.fromkeys(TOUCHPOINTS, 1.0), "expediting": 0.5}}),
        "FusionPolicy(weights={'recommend': {'expediting': 0.5}})",
    ),
]


@pytest.mark.parametrize(("policy", "text"), SHOWN)
def test_a_policy_shows_what_differs_from_the_default(policy, text):
    assert repr(policy) == text


@given(policies)
def test_a_policy_is_shown_in_one_short_line(policy):
    assert len(repr(policy)) <= 150
    assert "\n" not in repr(policy)
    assert (repr(policy) == "FusionPolicy()") == (policy == FusionPolicy())


@given(policies, policies)
def test_differences_are_empty_only_between_equal_policies_and_reverse_with_them(one, other):
    there, back = (differences(*pair) for pair in ((one.to_dict(), other.to_dict()), (other.to_dict(), one.to_dict())))
    assert (not there) == (one.to_dict() == other.to_dict())
    assert {(name, old, new) for name, new, old in back} == set(there)


@given(policies)
def test_any_policy_survives_its_record(policy):
    back = FusionPolicy.from_dict(json.loads(json.dumps(policy.to_dict(), allow_nan=False)))
    assert back.to_dict() == policy.to_dict()
    assert all(back.half_life(t) == policy.half_life(t) and back.weight(t) == policy.weight(t) for t in TOUCHPOINTS)
