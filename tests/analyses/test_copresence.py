"""Ties from co-presence: small answers by hand, and any records against pairs counted one by one."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import influence_graph as ig
from influence_graph.errors import InputError
from influence_graph.kernels.copresence import Presences, gatherings, meetings, presences

MAY = date(2026, 5, 1)
ROWS = [
    ("june", "bar", MAY),
    ("ann", "bar", MAY),
    ("ann", "bar", MAY),  # again
    ("june", "gym", MAY),
    ("ann", "gym", MAY),  # two places on one day are one day
    ("sam", "gym", MAY + timedelta(1)),  # alone there
    ("june", "bar", MAY + timedelta(9)),
    ("ann", "bar", MAY + timedelta(9)),
    ("sam", "bar", MAY + timedelta(9)),
]


def records(rows):
    return pd.DataFrame(rows, columns=["person", "place", "time"])


def told(seen):
    return [
        (one, other, int(weight), since.to_pydatetime())
        for one, other, weight, since in seen.to_frame()[["source", "target", "weight", "since"]].itertuples(
            index=False
        )
    ]


def day(number, zone="UTC"):
    return datetime(2026, 5, number, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_each_of_a_pair_is_exposed_to_the_other_since_their_first_day():
    seen = ig.copresence_ties(records(ROWS))
    assert told(seen) == [
        ("ann", "june", 2, day(1)),
        ("june", "ann", 2, day(1)),
        ("ann", "sam", 1, day(10)),
        ("june", "sam", 1, day(10)),
        ("sam", "ann", 1, day(10)),
        ("sam", "june", 1, day(10)),
    ]
    assert set(seen.to_frame()["kind"]) == {"exposed"}
    assert (seen.records, seen.repeated, seen.places, seen.gatherings, seen.crowds) == (9, 1, 2, 3, 0)


def test_a_tie_of_several_days_counts_since_the_day_that_made_them_so_many():
    seen = ig.copresence_ties(records(ROWS), least_days=2)
    assert told(seen) == [("ann", "june", 2, day(10)), ("june", "ann", 2, day(10))]
    assert seen.fewer == 2
    assert "left out 2 pairs together on fewer than 2 days" in seen.sentences()


def test_a_crowd_makes_no_ties_and_is_told():
    seen = ig.copresence_ties(records(ROWS), most_people=2)
    assert told(seen) == [("ann", "june", 1, day(1)), ("june", "ann", 1, day(1))]
    assert (seen.gatherings, seen.crowds, seen.crowded) == (2, 1, 3)
    assert "left out 1 crowd, a place on a day with more than 2 people: 38% of" in seen.sentences()[-1]  # 3 of 8


def test_the_day_is_that_of_the_zone():
    late = [datetime(2026, 5, 1, 23, 30, tzinfo=UTC), datetime(2026, 5, 2, 0, 30, tzinfo=UTC)]
    frame = records([("ann", "bar", late[0]), ("june", "bar", late[1])])
    assert told(ig.copresence_ties(frame)) == []
    both = told(ig.copresence_ties(frame, timezone="Europe/Berlin"))
    assert both[0] == ("ann", "june", 1, day(2, "Europe/Berlin"))
    assert told(ig.copresence_ties(frame, timezone="America/New_York"))[0][3] == day(1, "America/New_York")


def test_dates_and_local_times_are_days_of_the_zone():
    dated = told(ig.copresence_ties(records(ROWS), timezone="Asia/Tokyo"))
    assert dated[0] == ("ann", "june", 2, day(1, "Asia/Tokyo"))
    frame = records(ROWS)
    noon = frame.assign(time=pd.to_datetime(frame["time"]) + pd.Timedelta(hours=23))
    assert told(ig.copresence_ties(noon, timezone="Asia/Tokyo")) == dated


def test_a_day_whose_midnight_clocks_skip_begins_after_it():
    skipped = date(2018, 11, 4)
    seen = ig.copresence_ties(
        records([("ann", "bar", skipped), ("june", "bar", skipped)]), timezone="America/Sao_Paulo"
    )
    assert told(seen)[0][3] == datetime(2018, 11, 4, 3, tzinfo=UTC)  # 01:00-02:00


def test_a_day_whose_midnight_comes_twice_begins_at_the_first():
    twice = date(2021, 11, 7)  # Havana: 01:00 CDT becomes 00:00 CST
    seen = ig.copresence_ties(records([("ann", "bar", twice), ("june", "bar", twice)]), timezone="America/Havana")
    assert told(seen)[0][3] == datetime(2021, 11, 7, 4, tzinfo=UTC)


def test_nobody_together_is_an_answer():
    seen = ig.copresence_ties(records([("ann", "bar", MAY), ("june", "gym", MAY)]))
    assert told(seen) == []
    assert seen.sentences() == ["0 pairs of 2 people at 2 places: 0 ties"]
    assert told(ig.copresence_ties(records([]).astype({"time": "datetime64[us]"}))) == []


def by_hand(rows, least_days, most_people):
    """Return days and first day that counts of each ordered pair, each pair and day counted on its own."""
    there = defaultdict(set)
    for person, place, when in rows:
        there[place, when].add(person)
    together = defaultdict(set)
    for (_, when), people in there.items():
        if len(people) <= most_people:
            for pair in permutations(people, 2):
                together[pair].add(when)
    return {
        pair: (len(days), sorted(days)[least_days - 1]) for pair, days in together.items() if len(days) >= least_days
    }


PLACES = st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("xyz"), st.integers(0, 5))


@settings(deadline=None)  # the machine may be busy
@given(st.lists(PLACES, max_size=60), st.integers(1, 3), st.integers(2, 6))
def test_any_records_give_the_pairs_counted_one_by_one(rows, least_days, most_people):
    rows = [(person, place, MAY + timedelta(number)) for person, place, number in rows]
    frame = records(rows).astype({"time": "datetime64[us]"})
    seen = ig.copresence_ties(frame, least_days=least_days, most_people=most_people)
    found = {(one, other): (days, since.date()) for one, other, days, since in told(seen)}
    assert found == by_hand(rows, least_days, most_people)
    table = seen.table
    assert list(zip(*(table[name].to_pylist() for name in ("source", "target")), strict=True)) == sorted(found)


@pytest.mark.parametrize("block", [1, 7, 100])
def test_blocks_of_any_size_give_the_same_pairs(block):
    rng = np.random.default_rng(1)
    person, place, when = rng.integers(0, 40, 900), rng.integers(0, 9, 900), rng.integers(-20, 60, 900)
    found = gatherings(presences(person, place, when), 50)
    (whole,) = meetings(found, 40, 2)
    parts = list(meetings(found, 40, 2, block))
    assert len(parts) > 1
    assert whole.pairs.one.size > 100
    for name in whole.pairs._fields:
        np.testing.assert_array_equal(
            np.concatenate([getattr(each.pairs, name) for each in parts]), getattr(whole.pairs, name)
        )
    assert sum(each.fewer for each in parts) == whole.fewer
    assert parts[-1].done == found.person.size


def test_many_places_and_days_are_sorted_as_rows_with_the_same_result():
    rng = np.random.default_rng(2)
    person, place, when = (rng.integers(0, 5, 400) for _ in range(3))
    few = presences(person, place, when)
    far = presences(person + 10**12 * (person > 2), place + 10**9, when - 500)
    assert few.person.size == len(set(zip(person.tolist(), place.tolist(), when.tolist(), strict=True)))
    for one, other in zip(few, Presences(far.person % 10**12, far.place - 10**9, far.day + 500), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_order_of_the_records_and_repeats_change_nothing():
    frame = records(ROWS)
    seen, turned = ig.copresence_ties(frame), ig.copresence_ties(pd.concat([frame[::-1], frame]))
    assert seen.table.equals(turned.table)
    assert seen.digest == turned.digest
    assert seen.digest != ig.copresence_ties(frame[1:].assign(place="bar")).digest


def test_progress_ends_at_all():
    calls = []
    ig.copresence_ties(records(ROWS), progress=lambda done, total: calls.append((done, total)))
    assert calls == [(7, 7)]


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({"person": None}, {}, "9 of 9 records have no person"),
        ({"place": ["bar"] * 8 + [""]}, {}, "1 of 9 records have no place"),
        ({"time": pd.NaT}, {}, "9 of 9 records have no time"),
        (
            {"time": "2026-05-01"},
            {},
            "the times are of type .*string, such as '2026-05-01', must be datetimes or dates",
        ),
        ({"time": 5}, {}, "the times are of type int64, such as 5"),
        ({}, {"timezone": "Mars/Olympus"}, "no time zone is named 'Mars/Olympus'"),
        ({}, {"timezone": None}, "no time zone is named 'None'"),
        ({}, {"least_days": 0}, "least_days is 0, must be a whole number of 1 or more"),
        ({}, {"least_days": 1.5}, "least_days is 1.5"),
        ({}, {"most_people": 1}, "most_people is 1, must be a whole number of 2 or more"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(change, options, message):
    with pytest.raises(InputError, match=message) as caught:
        ig.copresence_ties(records(ROWS).assign(**change), **options)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
