"""Values of parameters: what is taken, and what is said of the others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from influence_graph.errors import InputError
from influence_graph.explore.parameters import Parameter, bound

BRAND = Parameter("brand", "brand")
DAYS = Parameter("days", "integer", default=30, low=1, high=365)
SHARE = Parameter("share", "number", default=0.5, low=0)
MOST = Parameter("most", "number", default=1.0, high=9)
SIDE = Parameter("side", "text", default="both", choices=("both", "consumer", "brand"))
SINCE = Parameter("since", "time")


@pytest.mark.parametrize(
    ("parameter", "given", "taken"),
    [
        (BRAND, "cafe\u0301 ", "caf\u00e9"), (BRAND, 7, "7"), (DAYS, "30", 30), (DAYS, 30.0, 30), (DAYS, " 365 ", 365),
        (SHARE, "1e-3", 0.001), (SHARE, 2, 2.0), (MOST, "-7", -7.0), (SIDE, "brand", "brand"),
        (SINCE, "2026-05-01", datetime(2026, 5, 1, tzinfo=UTC)),
        (SINCE, "2026-05-01T20:00:00+02:00", datetime(2026, 5, 1, 18, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_value_is_taken_as_text_or_as_its_type(parameter: Parameter, given: object, taken: object) -> None:
    found = parameter.convert(given)
    assert found == taken
    assert type(found) is type(taken)


@pytest.mark.parametrize(
    ("parameter", "given", "message"),
    [
        (BRAND, "", "brand is '', must be the id of a brand; such as brand=sweater"),
        (BRAND, None, "brand is None, must be the id of a brand; such as brand=sweater"),
        (DAYS, "a month", "days is 'a month', must be a whole number, 1 to 365; such as days=30"),
        (DAYS, "1_0", "days is '1_0', must be a whole number, 1 to 365; such as days=30"),
        (DAYS, 0.5, "days is 0.5, must be a whole number, 1 to 365; such as days=30"),
        (DAYS, True, "days is True, must be a whole number, 1 to 365; such as days=30"),
        (DAYS, "0", "days is '0', must be a whole number, 1 to 365; such as days=30"),
        (DAYS, 366, "days is 366, must be a whole number, 1 to 365; such as days=30"),
        (DAYS, float("inf"), "days is inf, must be a whole number, 1 to 365; such as days=30"),
        (SHARE, "nan", "share is 'nan', must be a number, at least 0; such as share=0.5"),
        (SHARE, -1e-9, "share is -1e-09, must be a number, at least 0; such as share=0.5"),
        (MOST, "10", "most is '10', must be a number, at most 9; such as most=1.0"),
        (SIDE, "brands", "side has no value 'brands'; did you mean 'brand'?"),
        (SIDE, "x", "side has no value 'x'; use both, consumer, brand"),
        (SINCE, "yesterday", "since is 'yesterday', must be a date or a time with a zone; such as since=2026-11-21"),
        (SINCE, "2026-05-01T20:00:00", "since is '2026-05-01T20:00:00', must be a date or a time with a zone"),
        (DAYS, "\x1b[31m" + "9" * 200, r"days is '\x1b[31m999"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_with_its_type_its_limits_and_an_example(
    parameter: Parameter, given: object, message: str
) -> None:
    with pytest.raises(InputError) as refused:
        parameter.convert(given)
    assert str(refused.value).startswith(message)
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "quiet needs brand, the id of a brand; such as brand=sweater"),
        ({"brand": "a", "day": 3}, "quiet has no parameter 'day'; did you mean 'days'?"),
        ({"brand": "a", "zzz": 3}, "quiet has no parameter 'zzz'; quiet takes brand, days"),
    ],
)
def test_parameters_that_are_missing_or_unknown_are_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as refused:
        bound("quiet", (BRAND, DAYS), given)
    assert str(refused.value) == message
    assert bound("quiet", (BRAND, DAYS), {"brand": "a"}) == {"brand": "a", "days": 30}


@pytest.mark.parametrize(
    ("parameter", "value", "literal"),
    [
        (BRAND, "o'neill\\", r"'o\'neill\\'"), (BRAND, None, "'sweater'"), (DAYS, None, "30"), (DAYS, "7", "7"),
        (SHARE, 1, "1.0"), (SINCE, "2026-05-01", "datetime('2026-05-01T00:00:00+00:00')"),
    ],
)  # fmt: skip
def test_the_browser_is_given_values_as_cypher_writes_them(parameter: Parameter, value: object, literal: str) -> None:
    assert parameter.literal(value) == literal
