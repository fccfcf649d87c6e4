"""The bonds of one brand, from the part of the ledger on which they depend."""

from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from influence_graph.analyses.brand.bonds import brand_ledger, naming
from influence_graph.analyses.fusion.scores import fusion_scores
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.errors import NotFound
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.brand.events import START, crowd, events
from tests.analyses.fusion.events import BRANDS, corrected_ledgers, frame, policies, quick
from tests.analyses.fusion.events import START as FIRST

END = FIRST + timedelta(days=20)


@quick
@given(corrected_ledgers(), policies, st.sampled_from(BRANDS), st.integers(0, 12))
def test_a_part_of_the_ledger_gives_the_bonds_of_all_of_it(records, policy, brand, day):
    ledger = read_ledger(frame(records))
    assume(brand in ledger.brand.names)
    time = FIRST + timedelta(days=day)
    part = brand_ledger(ledger, brand, policy, END).bonds(time)
    scores = fusion_scores(frame(records), time, policy)
    expected = scores[scores["brand"] == brand].set_index("consumer")["fusion_score"]
    assert part.index.tolist() == expected.index.tolist()
    assert part["fusion_score"].tolist() == pytest.approx(expected.tolist(), rel=1e-9, abs=1e-9)


def test_other_consumers_are_left_out_and_those_who_named_the_brand_are_not():
    records = events((0, "ann", "acme", "wear"), (1, "bob", "bolt", "wear"), (2, "cid", "bolt", "wear"))
    records["with_brands"] = [None, None, "acme"]
    whole = brand_ledger(read_ledger(records), "acme", FusionPolicy(), START + timedelta(days=9))
    assert sorted(whole.history.event_id.to_pylist()) == ["e0", "e2"]
    assert whole.direct().event_id.to_pylist() == ["e0"]


def test_the_first_contact_may_be_a_naming():
    records = events((3, "ann", "acme", "wear"), (1, "bob", "bolt", "wear"), (0, "bob", "core", "wear"))
    records["with_brands"] = [None, "acme", None]
    found = brand_ledger(read_ledger(records), "acme", FusionPolicy(), START + timedelta(days=9))
    assert found.first() == START + timedelta(days=1)


def test_before_any_contact_the_first_one_is_the_time_itself():
    found = brand_ledger(read_ledger(events((3, "ann", "acme", "wear"))), "acme", FusionPolicy(), START)
    assert found.first() == START
    assert found.bonds(START).empty


def test_naming_counts_either_side_of_a_list():
    records = crowd(20)
    ledger = read_ledger(records)
    code = ledger.brand.names.tolist().index("dusk")
    expected = (records["with_brands"] == "dusk").tolist()
    assert naming(ledger, code).tolist() == expected
    acme = ledger.brand.names.tolist().index("acme")
    pairs = zip(records["brand"], records["with_brands"], strict=True)
    assert naming(ledger, acme).tolist() == [other is not None and "acme" in (own, other) for own, other in pairs]


def test_a_ledger_without_lists_names_nobody():
    ledger = read_ledger(events((0, "ann", "acme", "wear")))
    assert not naming(ledger, 0).any()


def test_an_unknown_brand_is_not_found_with_the_nearest_name():
    with pytest.raises(NotFound, match="'acme'"):
        brand_ledger(read_ledger(events((0, "ann", "acme", "wear"))), "acne", FusionPolicy(), START)


def test_a_part_shows_itself_in_a_line():
    text = repr(brand_ledger(read_ledger(crowd()), "acme", FusionPolicy(), START + timedelta(days=99)))
    assert text.startswith("<BrandLedger: brand acme")
    assert len(text) <= 150
