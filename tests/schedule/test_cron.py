"""Crontab expressions: what they hold, and what is refused."""

from __future__ import annotations

import pytest

from influence_graph.errors import InputError
from influence_graph.schedule.cron import parse_cron


def test_lists_ranges_steps_and_names() -> None:
    cron = parse_cron("*/20,5 8-18/5 1,15 jan-mar,12 mon-fri")
    assert cron.minutes == (0, 5, 20, 40)
    assert cron.hours == (8, 13, 18)
    assert cron.days == (1, 15)
    assert cron.months == (1, 2, 3, 12)
    assert cron.weekdays == (1, 2, 3, 4, 5)
    assert cron.either
    assert not cron.is_fixed


@pytest.mark.parametrize("text", ["0 2 * * 0", "0 2 * * 7", "0 2 * * sun", "0 2 * * SUN"])
def test_sunday_has_two_numbers(text: str) -> None:
    assert parse_cron(text).weekdays == (0,)


def test_a_step_without_a_range_goes_to_the_end() -> None:
    assert parse_cron("50/4 * * * *").minutes == (50, 54, 58)
    assert parse_cron("0 0 * * */2").weekdays == (0, 2, 4, 6)
    assert parse_cron("0 0 * * 5-7").weekdays == (0, 5, 6)


def test_all_days_hold_where_one_of_them_is_a_star() -> None:
    assert not parse_cron("0 2 1 * *").either
    assert not parse_cron("0 2 */2 * 1").either
    assert parse_cron("0 2 1 * *").is_fixed


def test_names_of_common_expressions() -> None:
    assert parse_cron("@daily") == parse_cron("0 0 * * *")
    assert parse_cron(" @Weekly ") == parse_cron("0 0 * * sun")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("0 2 * *", "4 fields, not 5"),
        ("", "0 fields"),
        ("@often", "1 fields"),
        ("60 * * * *", "'60' is no minute"),
        ("0 24 * * *", "'24' is no hour"),
        ("0 0 0 * *", "'0' is no day"),
        ("0 0 * 13 *", "'13' is no month"),
        ("0 0 * * 8", "'8' is no weekday"),
        ("0 0 * * noday", "sun-sat"),
        ("0 0 last * *", "'last' is no day"),
        ("*/0 * * * *", "'*/0' is no minute"),
        ("5-1 * * * *", "'5-1' is no minute"),
        ("1,,2 * * * *", "'' is no minute"),
        ("-1 * * * *", "'-1' is no minute"),
        ("٣ * * * *", "is no minute"),
        ("9999999999999999999 * * * *", "is no minute"),
        ("0 2 * * *\x1b[31m x", "6 fields"),
    ],
)
def test_what_is_none_is_refused_in_one_line(text: str, names: str) -> None:
    with pytest.raises(InputError, match="write minute hour day month weekday") as error:
        parse_cron(text)
    assert names in str(error.value)
    assert str(error.value).isprintable()
