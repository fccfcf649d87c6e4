import json
import math
import tomllib
from dataclasses import asdict
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from influence_graph.errors import InputError
from influence_graph.model.records import DIRECTIONS, TOUCHPOINTS
from influence_graph.model.touchpoints import OUTCOME_NAMES, VOTES, KindRule, TouchpointTable, kind_key

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


def test_no_kind_takes_the_default_and_unknown_kinds_are_neutral(table):
    assert table.rule(None) == KindRule("engagement", "to_brand", 1.0, 1.0)
    assert table.rule("yodelling") == KindRule("engagement", "to_brand", 1.0, 0.0)


def test_kinds_that_repeat_become_kinds_that_show_loyalty(table):
    repeated = {kind: rule.repeated for kind, rule in table.kinds.items() if rule.repeated}
    assert repeated == {"purchase": "repeat_purchase", "subscription": "renewal", "free_use": "regular_use"}
    for kind in repeated.values():
        assert (table.rule(kind).shows, table.rule(kind).repeated) == ("loyalty", "")


def test_use_and_purchase_give_to_both_sides(table):
    assert {kind for kind, rule in table.kinds.items() if rule.returned} >= {"purchase", "free_use", "subscription"}
    assert not any(rule.returned for rule in table.kinds.values() if rule.touchpoint == "problem_recovery")


def test_a_table_goes_through_json_and_back(table):
    again = TouchpointTable.from_dict(json.loads(json.dumps(table.to_dict())))
    assert again == table
    assert not again.changes()


def test_changes_name_each_kind_that_differs(table):
    mine = TouchpointTable({**table.kinds, "yodelling": KindRule(weight=2.0)}, KindRule(weight=3.0))
    assert mine.changes() == {
        "": (table.default, KindRule(weight=3.0)),
        "yodelling": (None, KindRule(weight=2.0)),
    }
    assert table.changes(mine)["yodelling"] == (KindRule(weight=2.0), None)


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
    assert mine.rule("unheard of") == KindRule(weight=2.0, valence=0.0)
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
        (
            "[kinds]\n'Live chat' = { weight = 1 }\nlive-chat = { weight = 2 }",
            ["'Live chat'", "'live-chat'", "two senses"],
        ),
        ("[kinds]\nx = { shows = 'love' }", ["shows", "'love'", "loyalty"]),
        ("[kinds]\nx = { vote = 'hands' }", ["vote", "'hands'", "wallet"]),
        ("[kinds]\nx = { returned = -1 }", ["returned", "-1", "0 or more"]),
        ("[kinds]\nx = { repeated = 'renewl' }", ["repeated", "'renewl'", "did you mean 'renewal'"]),
        ("[kinds]\nx = { repeated = 3 }", ["repeated", "3", "quotes"]),
        ("format = 3", ["format 3", "up to 2", "update"]),
        ("format = 'new'", ["format", "'new'"]),
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


rules = st.builds(
    KindRule,
    touchpoint=st.sampled_from(TOUCHPOINTS),
    direction=st.sampled_from(DIRECTIONS),
    weight=st.floats(0, 1e6, allow_subnormal=False),
    valence=st.floats(-1, 1, allow_subnormal=False),
    returned=st.floats(0, 1e6, allow_subnormal=False),
    shows=st.sampled_from(("", *OUTCOME_NAMES)),
    vote=st.sampled_from(("", *VOTES)),
    repeated=st.sampled_from(("", "renewal")),
)
keys = st.text(alphabet="abcxyz_09", min_size=1, max_size=12).map(kind_key)


@settings(max_examples=50, deadline=None)
@given(kinds=st.dictionaries(keys, rules, max_size=5), default=rules)
def test_a_written_table_is_read_back(tmp_path_factory, kinds, default):
    table = TouchpointTable.load()

    def line(rule):
        return f"{{ {', '.join(f'{name} = {json.dumps(value)}' for name, value in asdict(rule).items())} }}"

    file = tmp_path_factory.mktemp("table") / "mine.toml"
    lines = [f"default = {line(default)}", "[kinds]", *(f'"{kind}" = {line(rule)}' for kind, rule in kinds.items())]
    file.write_text("\n".join(lines))
    mine = TouchpointTable.load(file)
    assert {kind: mine.rule(kind) for kind in kinds} == kinds
    assert mine.default == default
    assert {kind: mine.kinds[kind] for kind in table.kinds if kind not in kinds} == {
        kind: rule for kind, rule in table.kinds.items() if kind not in kinds
    }


@given(st.text(alphabet="aBcZ19 -_éß", max_size=20))
def test_the_key_of_a_key_is_itself_and_case_does_not_matter(kind):
    key = kind_key(kind)
    assert kind_key(key) == key
    assert kind_key(f"  {kind.upper()} ") == key


def test_every_line_of_the_built_in_table_is_in_canonical_form(table):
    text = resources.files("influence_graph.model").joinpath("touchpoints.toml").read_text("utf-8")
    written = tomllib.loads(text)["kinds"]
    assert set(written) == set(table.kinds)
    for kind, values in written.items():
        assert kind == kind_key(kind)
        changed = {name: value for name, value in values.items() if getattr(table.default, name) == value}
        assert changed.keys() <= {"weight"}, kind  # other keys are written only where they differ from the default


def test_what_is_negative_is_a_loss_for_the_bond_and_only_a_retraction_weighs_nothing(table):
    negative = {kind for kind, rule in table.kinds.items() if rule.valence < 0}
    assert {"complaint", "blame", "return", "unfollow", "cancellation", "late_delivery", "ignored"} <= negative
    assert {kind for kind, rule in table.kinds.items() if rule.weight == 0} == {"retraction"}
    recoveries = {"apology", "recovery", "replacement", "refund", "compensation"}
    for kind in recoveries:
        rule = table.rule(kind)
        assert (rule.touchpoint, rule.direction) == ("problem_recovery", "to_consumer")
        assert rule.valence > 0


def test_equal_tables_have_equal_digests_and_any_change_another(table):
    copy = TouchpointTable(dict(table.kinds), table.default)
    assert copy == table
    assert copy.digest == table.digest
    for kind, rule in list(table.kinds.items())[::10]:
        changed = KindRule(rule.touchpoint, rule.direction, rule.weight + 1, rule.valence)
        assert TouchpointTable({**table.kinds, kind: changed}, table.default).digest != table.digest


def test_a_table_shows_itself_in_a_line(table):
    assert repr(table) == f"<TouchpointTable: kinds {len(table.kinds)}, digest {table.digest}>"
