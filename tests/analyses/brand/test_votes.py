import numpy as np

from influence_graph.analyses.brand.votes import votes
from influence_graph.analyses.interactions.ledger import read_ledger
from influence_graph.analyses.interactions.meaning import meaning_of
from influence_graph.model.touchpoints import TouchpointTable
from tests.analyses.brand.events import crowd, events


def votes_of(records):
    ledger = read_ledger(records)
    return votes(ledger, meaning_of(ledger, TouchpointTable.load()))


def test_each_vote_is_counted_for_and_against():
    found = votes_of(
        events(
            (0, "ann", "acme", "purchase"),
            (1, "ann", "acme", "recommend"),
            (2, "bob", "acme", "complaint"),
            (3, "bob", "acme", "free_use"),
            (4, "bob", "acme", "giveaway"),
        )
    )
    rows = found.frame.set_index("vote")
    assert rows[["votes", "consumers", "against"]].T.to_dict("list") == {
        "feet": [1, 1, 0],
        "wallet": [1, 1, 0],
        "voice": [2, 2, 1],
    }
    assert rows["share"].isna().all()  # too few consumers
    assert found.unclear == 1
    assert found.sentences() == [
        "1 consumer voted by coming and using, 1 time: 1 for the brand, 0 against it.",
        "1 consumer voted by paying, 1 time: 1 for the brand, 0 against it.",
        "2 consumers voted by speaking, 2 times: 1 for the brand, 1 against it.",
    ]


def test_the_share_against_is_that_of_the_rows():
    records = crowd(80, 3)
    table = TouchpointTable.load()
    rules = [table.rule(kind) for kind in records["kind"]]
    found = votes_of(records).frame.set_index("vote")
    for name in found.index:
        valence = np.array([rule.valence for rule in rules if rule.vote == name])
        assert found.loc[name, "votes"] == valence.size
        assert found.loc[name, "share"] == (valence < 0).mean()
        assert found.loc[name, "low"] <= found.loc[name, "share"] <= found.loc[name, "high"]


def test_without_votes_nothing_is_claimed():
    found = votes_of(events((0, "ann", "acme", "giveaway")))
    assert found.frame.empty
    assert found.sentences() == ["No vote of a consumer, by feet, wallet or voice, is on record."]
