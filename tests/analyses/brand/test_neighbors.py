"""Associated brands against sets of consumers and loops over the rows."""

from datetime import timedelta

import numpy as np
import pytest

from influence_graph.analyses.brand.bonds import brand_ledger
from influence_graph.analyses.brand.neighbors import Audiences, audiences_of, neighbors
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.analyses.intervals import wilson
from influence_graph.model.policy.policy import FusionPolicy
from tests.analyses.brand.events import START, crowd, events


def neighbors_of(records, brand="acme", audiences=None):
    ledger = read_ledger(records)
    own = brand_ledger(ledger, brand, FusionPolicy(), START + timedelta(days=999))
    return neighbors(own, ledger, audiences or audiences_of(ledger))


@pytest.mark.parametrize("seed", range(3))
def test_audiences_are_sets_of_consumers(seed):
    records = crowd(30, seed)
    audiences = audiences_of(read_ledger(records))
    sets = records.groupby("brand")["consumer"].nunique().to_dict()
    assert audiences.brands == {**dict.fromkeys(audiences.brands, 0), **sets}
    assert audiences.population == records["consumer"].nunique()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("brand", ["acme", "bolt", "dusk"])
def test_shared_and_named_are_counted_by_loops(seed, brand):
    records = crowd(30, seed)
    result = neighbors_of(records, brand).brands.set_index("brand")
    sets = records.groupby("brand")["consumer"].agg(set)
    pairs = [{a, b} for a, b in zip(records["brand"], records["with_brands"], strict=True) if b not in (None, a)]
    for other in ("acme", "bolt", "core", "dusk"):
        if other == brand:
            continue
        shared = len(sets.get(brand, set()) & sets.get(other, set()))
        named = sum(pair == {brand, other} for pair in pairs)
        assert (other in result.index) == bool(shared or named)
        if other in result.index:
            assert (result.loc[other, "shared"], result.loc[other, "named"]) == (shared, named)


def test_the_lift_has_the_interval_of_the_share_of_the_brands_consumers():
    rows = [(0, f"c{n}", "acme", "wear") for n in range(40)] + [(1, f"c{n}", "bolt", "wear") for n in range(10, 30)]
    rows += [(2, f"d{n}", "core", "wear") for n in range(60)]
    row = neighbors_of(events(*rows)).brands.iloc[0]
    share, base = wilson(20, 40), 20 / 100
    assert row["brand"] == "bolt"
    assert (row["jaccard"], row["lift"]) == (0.5, share.value / base)
    assert (row["low"], row["high"]) == (share.low / base, share.high / base)


def test_few_consumers_have_no_lift():
    rows = [(0, f"c{n}", "acme", "wear") for n in range(40)] + [(1, f"c{n}", "bolt", "wear") for n in range(9)]
    row = neighbors_of(events(*rows)).brands.iloc[0]
    assert row["jaccard"] == 9 / 40
    assert np.isnan(row["lift"])


def test_the_most_shared_come_first_then_the_most_named_then_by_name():
    rows = [(0, "ann", "acme", "wear"), (1, "ann", "zest", "wear"), (2, "ann", "nova", "wear"), (3, "bob", "core", "x")]
    records = events(*rows).assign(with_brands=["bolt|core", None, None, None])
    assert neighbors_of(records).brands["brand"].tolist() == ["nova", "zest", "bolt", "core"]


def test_audiences_may_come_from_more_interactions_than_are_given():
    rows = [(0, f"c{n}", brand, "wear") for n in range(20) for brand in ("acme", "bolt")]
    result = neighbors_of(events(*rows), audiences=Audiences({"acme": 20, "bolt": 50}, 1000))
    assert result.population == 1000
    assert result.brands["audience"].tolist() == [50]
    assert result.brands["lift"].tolist() == [1000 / 50]


def test_a_brand_alone_has_no_neighbors():
    result = neighbors_of(events((0, "ann", "acme", "wear")))
    assert result.brands.empty
    assert result.sentences() == ["No other brand shares any of its 1 consumer or is named with it."]
