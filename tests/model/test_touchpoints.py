import math

import pytest

from influence_graph.errors import InputError
from influence_graph.model.records import DIRECTIONS, TOUCHPOINTS
from influence_graph.model.touchpoints import KindRule, TouchpointTable

TACTICS = [
    "giveaway",
    "loyalty_bonus",
    "live_chat",
    "upsell",
    "cross_sell",
    "gamification",
    "purchase",
    "repeat_purchase",
    "free_use",
    "wear",
    "review",
    "recommend",
    "complaint",
    "recovery",
    "replacement",
    "cart_abandoned",
    "donation",
    "wishlist",
    "mention",
    "concert",
    "follow",
    "support_call",
    "delivery",
    "free_shipping",
    "refund",
    "blame",
    "birthday_offer",
    "survey",
    "unboxing",
]


@pytest.fixture
def table():
    return TouchpointTable.load()


@pytest.mark.parametrize("kind", TACTICS)
def test_every_tactic_has_its_own_line(table, kind):
    assert kind in table.kinds


def test_every_rule_is_within_its_limits_and_every_touchpoint_is_used(table):
    for rule in table.kinds.values():
        assert rule.touchpoint in TOUCHPOINTS
        assert rule.direction in DIRECTIONS
        assert 0 <= rule.weight < math.inf
        assert -1 <= rule.valence <= 1
    used = {(rule.touchpoint, rule.direction) for rule in table.kinds.values()}
    assert {touchpoint for touchpoint, _ in used} == set(TOUCHPOINTS)
    assert {direction for _, direction in used} == set(DIRECTIONS)


@pytest.mark.parametrize(
    ("kind", "touchpoint", "direction", "sign"),
    [
        ("giveaway", "engagement", "to_consumer", 1),
        ("recommend", "engagement", "to_brand", 1),
        ("live_chat", "executional_excellence", "to_consumer", 1),
        ("wear", "brand_experience", "to_brand", 1),
        ("free_shipping", "expediting", "to_consumer", 1),
        ("complaint", "problem_recovery", "to_brand", -1),
        ("replacement", "problem_recovery", "to_consumer", 1),
        ("cart_abandoned", "engagement", "to_brand", -1),
    ],
)
def test_tactics_mean_what_the_domain_says(table, kind, touchpoint, direction, sign):
    rule = table.rule(kind)
    assert (rule.touchpoint, rule.direction, math.copysign(1, rule.valence)) == (touchpoint, direction, sign)


def test_unknown_kinds_and_no_kind_take_the_default(table):
    assert table.rule("yodelling") == table.rule(None) == KindRule("engagement", "to_brand", 1.0, 1.0)


def test_a_kind_is_known_by_its_line_even_where_that_says_what_the_default_says(table):
    spelled_out = TouchpointTable({"yodelling": table.default}, table.default)
    assert spelled_out.knows("yodelling")
    assert table.knows(" Live-Chat ")
    assert not table.knows("yodelling")
    assert not table.knows("")


def test_case_blanks_and_hyphens_do_not_matter(table):
    assert table.rule(" Live Chat ") == table.rule("live-chat") == table.rule("live_chat")


def test_a_user_file_replaces_only_its_lines(tmp_path, table):
    file = tmp_path / "mine.toml"
    file.write_text('[default]\nweight = 2\n[kinds]\nyodelling = { direction = "to_consumer", valence = -0.5 }\n')
    mine = TouchpointTable.load(file)
    assert mine.rule("yodelling") == KindRule("engagement", "to_consumer", 2.0, -0.5)
    assert mine.rule("unheard of") == KindRule(weight=2.0)
    assert mine.rule("wear") == table.rule("wear")
    assert mine.digest != table.digest


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[kinds]\nx = { touchpoint = 'chat' }", ["x", "touchpoint", "'chat'", "expediting"]),
        ("[kinds]\nx = { direction = 'up' }", ["x", "direction", "'up'", "to_consumer"]),
        ("[kinds]\nx = { weight = -1 }", ["x", "weight", "-1", "0 or more"]),
        ("[kinds]\nx = { weight = inf }", ["x", "weight", "inf", "finite"]),
        ("[kinds]\nx = { weight = true }", ["x", "weight", "True"]),
        ("[kinds]\nx = { valence = 1.5 }", ["x", "valence", "1.5", "from -1 to 1"]),
        ("[kinds]\nx = { valence = nan }", ["x", "valence", "nan"]),
        ("[kinds]\nx = { valance = 1 }", ["x", "'valance'", "did you mean 'valence'"]),
        ("[kinds]\nx = 3", ["x", "3", "table"]),
        ("kinds = 3", ["kinds", "3"]),
        ("[kind]\n", ["'kind'", "[kinds]"]),
        ("[default]\nweight = 'much'", ["default", "weight", "'much'"]),
        ("not toml", ["not TOML"]),
    ],
)
def test_a_bad_file_is_refused_naming_file_key_value_and_limits(tmp_path, text, said):
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        TouchpointTable.load(file)
    assert all(part in str(caught.value) for part in ["mine.toml", *said])


def test_a_missing_file_is_one_clear_line(tmp_path):
    with pytest.raises(InputError, match=r"cannot read .*none\.toml"):
        TouchpointTable.load(tmp_path / "none.toml")
