"""A notation that a field cannot have is refused in one line with a remedy."""

from __future__ import annotations

import pytest

from influence_graph.errors import InputError
from influence_graph.ingest.values.checks import check_notation
from influence_graph.ingest.values.notation import Notation
from influence_graph.model.records import BRANDS, INTERACTIONS, SALES, Field

FIELDS = INTERACTIONS.by_name
BAD: list[tuple[Field, Notation, str]] = [
    (FIELDS["weight"], Notation(format="%d/%m/%Y"), "weight is number, and format is for times and dates"),
    (FIELDS["kind"], Notation(unit="s"), "kind is text, and unit is for times and dates"),
    (FIELDS["at"], Notation(decimal=","), "at is time, and decimal is for numbers"),
    (FIELDS["at"], Notation(prefix="x-"), "at is time, and prefix is for ids"),
    (FIELDS["at"], Notation(format="%d/%m/%Y", unit="s"), "at has both a format and a unit"),
    (FIELDS["at"], Notation(format="%d/%m"), "has no whole date"),
    (FIELDS["at"], Notation(format="%H:%M"), "has no whole date"),
    (FIELDS["at"], Notation(format="tomorrow"), "has no whole date"),
    (FIELDS["at"], Notation(format="%d/%m/%Q"), "has %Q"),
    (FIELDS["at"], Notation(format="%d/%m/%Y %"), "has %"),
    (FIELDS["at"], Notation(format="%d/%m/%Y %d"), "has %d twice"),
    (FIELDS["at"], Notation(format="%d/%m/%Y %I:%M"), "which half of the day"),
    (FIELDS["at"], Notation(format="%d/%m/%Y %H:%M %p"), "which half of the day"),
    (SALES.by_name["date"], Notation(format="%d/%m/%Y %z"), "has a time zone"),
    (FIELDS["at"], Notation(unit="days"), "the unit of at is 'days'"),
    (FIELDS["at"], Notation(timezone="Mars/Olympus"), "no time zone is named"),
    (FIELDS["weight"], Notation(decimal=";"), "the decimal mark of weight is ';'"),
    (FIELDS["weight"], Notation(scale=(0, 10)), "weight has no scale, for it has no most value"),
    (FIELDS["points"], Notation(scale=(0, 10)), "points has no scale, for it has no least value"),
    (FIELDS["valence"], Notation(scale=(3, 3)), "the scale of valence goes from 3 to 3"),
    (FIELDS["valence"], Notation(scale=(0, float("inf"))), "the scale of valence goes from 0 to inf"),
    (BRANDS.by_name["id"], Notation(prefix="a|"), "contains |"),
    (FIELDS["consumer"], Notation(prefix="a\u200b"), "contains ZERO WIDTH SPACE"),
    (FIELDS["consumer"], Notation(prefix=" a"), "is not in its canonical form"),
    (FIELDS["consumer"], Notation(prefix="e\u0301"), "is not in its canonical form"),
]


@pytest.mark.parametrize(("field", "notation", "reason"), BAD, ids=[reason for _, _, reason in BAD])
def test_what_does_not_suit_a_field_is_refused(field: Field, notation: Notation, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        check_notation(notation, field)
    assert reason in caught.value.message
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "notation"),
    [
        ("at", Notation(format="%d/%m/%y %I:%M %p", timezone="Europe/Berlin")),
        ("at", Notation(format="%j %Y")),
        ("at", Notation(unit="ms")),
        ("valence", Notation(scale=(10, 0), decimal=",")),
        ("value", Notation(decimal=".", currency="€")),
        ("consumer", Notation(prefix="shop|")),
        ("with_brands", Notation(prefix="shop-")),
        ("touchpoint", Notation(values={"late": "expediting"})),
    ],
)
def test_what_suits_a_field_is_taken(name: str, notation: Notation) -> None:
    check_notation(notation, FIELDS[name])
