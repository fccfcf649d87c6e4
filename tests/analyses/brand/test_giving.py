from dataclasses import replace

import pytest

from influence_graph.analyses.brand.giving import giving
from influence_graph.analyses.fusion.points import points_of
from influence_graph.analyses.interactions.ledger import EPOCH, read_ledger
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.brand.events import events


def giving_of(records):
    policy, ledger = FusionPolicy(), read_ledger(records)
    return giving(ledger, points_of(ledger, policy, EPOCH), points_of(ledger, replace(policy, paid=1.0), EPOCH))


def test_what_was_paid_for_is_told_apart_from_what_was_meant():
    records = events(*[(day, "ann", "acme", "recommend") for day in range(3)]).assign(paid=[True, False, None])
    found = giving_of(records)
    assert (found.paid, found.meant, found.unstated) == (1, 1, 1)
    assert found.paid_points == pytest.approx(3**0.88)
    assert found.meant_points == pytest.approx(2 * 3**0.88)
    assert "do not count as the consumers' gift" in found.sentences()[0]


def test_where_payment_is_not_on_record_nothing_is_said_of_it():
    found = giving_of(events((0, "ann", "acme", "recommend")))
    assert found.sentences() == [
        "Paid or meant: not on record.",
        "Whether consumers know whom they owe what they receive to: not on record.",
    ]
    meant = giving_of(events((0, "ann", "acme", "recommend")).assign(paid=False))
    assert meant.sentences()[0] == "Paid or meant: nothing was paid for of 1 interaction on record."


def test_the_share_of_gifts_that_is_not_recognized():
    given = [(day, f"c{day}", "acme", "giveaway") for day in range(20)]
    records = events(*given, (30, "ann", "acme", "giveaway"), (31, "ann", "acme", "wear")).assign(
        recognized=[day % 4 > 0 for day in range(20)] + [None, False], points=[1.0] * 5 + [3.0] * 15 + [None] * 2
    )
    found = giving_of(records)
    assert (found.gifts, found.stated) == (21, 20)
    assert found.unrecognized.value == pytest.approx(0.25)
    assert found.unrecognized.low < 0.25 < found.unrecognized.high
    assert found.unrecognized_points == pytest.approx((2 * 1 + 3 * 3) / 50)
