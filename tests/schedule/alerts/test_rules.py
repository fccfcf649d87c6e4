"""Rules of alerts: what is refused, in one line; and what makes two of them the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from influence_graph.errors import InputError
from influence_graph.schedule.alerts.rules import (
    RULES,
    BondRule,
    BrandRule,
    ComplaintRule,
    Delivery,
    InfluencerRule,
    SilenceRule,
    check_rules,
)


@pytest.mark.parametrize(
    ("of", "values", "message"),
    [
        (BondRule, {"name": " ", "below": 1}, "the name of an alert is ' ', must be a text of 1 to 100 characters"),
        (BondRule, {"name": "a\nb", "below": 1}, r"the name of an alert is 'a\\nb'"),
        (BondRule, {"name": "a"}, "the alert 'a' has neither of above and below; write one of them"),
        (BondRule, {"name": "a", "below": 1, "above": 2}, "the alert 'a' has both of above and below"),
        (BondRule, {"name": "a", "below": float("nan")}, "the alert 'a' has below = nan, must be a finite number"),
        (BondRule, {"name": "a", "below": True}, "the alert 'a' has below = True, must be a finite number"),
        (BondRule, {"name": "a", "below": 1, "margin": -1}, "has margin = -1.0, must be 0 or more"),
        (BondRule, {"name": "a", "below": 1, "brand": ""}, "has brand = '', must be a text that is not empty"),
        (BrandRule, {"name": "a", "below": 1, "measure": "favourable"}, "which is none; did you mean 'favorable'"),
        (BrandRule, {"name": "a", "below": 1, "measure": "at_risk"}, "watches at_risk of every brand; name its brand"),
        (InfluencerRule, {"name": "a", "first": 0}, "has first = 0, must be a whole number from 1 to 10,000"),
        (InfluencerRule, {"name": "a", "first": 1.5}, "has first = 1.5, must be a whole number"),
        (ComplaintRule, {"name": "a", "days": 0}, "has days = 0, must be above 0 and at most 36,500 days"),
        (ComplaintRule, {"name": "a", "days": 90}, r"has forget_days = 90, must be more than its days = 90"),
        (ComplaintRule, {"name": "a", "recorded": 1}, "has recorded = 1, must be true or false"),
        (SilenceRule, {"name": "a", "by": "shop"}, "has by = 'shop', which is none"),
        (SilenceRule, {"name": "a", "only": "acme"}, "has only = 'acme' of all interactions; say by = 'brand'"),
        (Delivery, {"webhook": "https://x", "webhook_file": "y"}, r"\[delivery\] has both webhook and webhook_file"),
        (Delivery, {"try_seconds": 0}, r"\[delivery\] has try_seconds = 0, must be above 0 and at most 300"),
        (Delivery, {"body": "xml"}, r"\[delivery\] has body = 'xml', which is none"),
    ],
)
def test_a_value_out_of_its_limits_is_one_line(of: Any, values: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        of(**values)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


def test_ids_have_the_form_that_stores_hold() -> None:
    rule = BondRule("a", below=1, consumer=" zoe\u0301 ")
    assert rule.consumer == "zo\u00e9"
    assert rule.below == 1.0


def test_a_rule_is_the_same_under_another_name_and_another_with_any_other_value() -> None:
    rule = BondRule("a", below=2, brand="sweater")
    assert replace(rule, name="b").digest == rule.digest == BondRule("c", below=2.0, brand="sweater").digest
    assert len({rule.digest, replace(rule, margin=1.0).digest, replace(rule, brand="hat").digest}) == 3


def test_two_rules_of_one_name_or_one_meaning_are_refused() -> None:
    rule = BondRule("a", below=2)
    check_rules([rule, BondRule("b", below=3)])
    with pytest.raises(InputError, match="two alerts are named 'a'"):
        check_rules([rule, BondRule("a", below=3)])
    with pytest.raises(InputError, match="the alerts 'a' and 'b' watch the same"):
        check_rules([rule, replace(rule, name="b")])


def test_each_kind_names_its_dataclass() -> None:
    assert {kind: of.__dataclass_fields__["kind"].default for kind, of in RULES.items()} == {
        kind: kind for kind in RULES
    }


def test_paths_are_those_of_the_user() -> None:
    assert Delivery(file=Path("~/alerts.jsonl")).file == Path("~/alerts.jsonl").expanduser()
