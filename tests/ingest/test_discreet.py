"""What is left of records, rejects and errors where people are to stay unnamed."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.discreet import discreet, kept_texts, naming, pseudonymized, telling_events, withheld
from influence_graph.ingest.pseudonyms import PersonKey
from influence_graph.model.records import BRANDS, CAMPAIGNS, INTERACTIONS, KINDS, PEOPLE, TIES, Reject
from tests.stores.given import DAY, batch, event, tie

KEY = PersonKey(bytes(range(32)), Path("key"))
NAMED = {"people": ("id",), "brands": (), "ties": ("source", "target"), "interactions": ("consumer",)}


def test_the_fields_that_are_people_are_those_of_the_kinds() -> None:
    assert {name: kind.people for name, kind in KINDS.items()} == {**NAMED, "campaigns": (), "sales": ()}


def test_people_get_pseudonyms_and_no_names_and_all_else_stays() -> None:
    given = batch(PEOPLE, {"id": "ann", "name": "Ann", "city": "Rome"}, {"id": "bob"})
    (ann, bob) = pseudonymized(given, KEY).table.to_pylist()
    assert (ann["id"], ann["name"], ann["city"]) == (KEY.pseudonym("ann"), None, "Rome")
    assert bob["id"] == KEY.pseudonym("bob")
    brands = batch(BRANDS, {"id": "acme", "name": "Acme"})
    assert pseudonymized(brands, KEY).table.equals(brands.table)
    events = pseudonymized(batch(INTERACTIONS, event("e1", "ann", "acme", with_brands="ann|bolt")), KEY).table
    assert events.drop_columns("consumer").equals(
        batch(INTERACTIONS, event("e1", "x", "acme", with_brands="ann|bolt")).table.drop_columns("consumer")
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_friendship_is_stored_once_whichever_pseudonym_comes_first(seed: int) -> None:
    key = PersonKey(bytes([seed] * 32), Path("key"))
    one, other = (pseudonymized(batch(TIES, tie(*ends, kind="friend")), key) for ends in (("a", "b"), ("b", "a")))
    (row,) = one.table.to_pylist()
    assert row["source"] < row["target"]
    assert {row["source"], row["target"]} == {key.pseudonym("a"), key.pseudonym("b")}
    assert other.table.equals(one.table)


def test_ids_made_of_rows_become_keyed_hashes() -> None:
    (made,) = pseudonymized(batch(INTERACTIONS, event("abc-2")), KEY, made_ids=True).table["event_id"].to_pylist()
    assert len(made) == 32
    assert made not in (KEY.tombstone("abc-2"), KEY.pseudonym("abc-2")[2:34])
    (kept,) = pseudonymized(batch(INTERACTIONS, event("abc-2")), KEY).table["event_id"].to_pylist()
    assert kept == "abc-2"


def test_events_that_tell_their_consumer_are_counted() -> None:
    told = [event("order-ann-1", "ann"), event("ann", "ann"), event("a@b.c/7", "a@b.c"), event("ann_2", "ann")]
    untold = [event("order-annex-1", "ann"), event("e12", "2"), event("e3", "ann")]
    assert telling_events(batch(INTERACTIONS, *told, *untold)) == len(told)
    assert telling_events(batch(CAMPAIGNS, {"event_id": "ann", "at": DAY, "brand": "acme"})) == 0


def test_texts_that_stay_are_named() -> None:
    assert kept_texts(batch(PEOPLE, {"id": "ann", "name": "Ann", "city": "Rome"})) == {"city"}
    assert kept_texts(batch(INTERACTIONS, event("e1", kind="wear"))) == {"event_id", "kind"}
    assert kept_texts(batch(TIES, tie("a", "b"))) == set()
    assert kept_texts(batch(BRANDS, {"id": "acme", "name": "Acme"})) == set()


def test_who_is_forgotten_is_found_in_every_place_that_names_people() -> None:
    stones = pa.array([KEY.tombstone("ann")])
    assert naming(batch(PEOPLE, {"id": "bob"}, {"id": "ann"}), KEY, stones).tolist() == [False, True]
    ties = batch(TIES, tie("ann", "bob"), tie("bob", "ann"), tie("bob", "cat"))
    assert naming(ties, KEY, stones).tolist() == [True, True, False]
    assert naming(batch(INTERACTIONS, event("ann", "bob", "ann")), KEY, stones).tolist() == [False]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("is not a number", "is not a number"),
        ("the field 'ann@x.org' appears twice", "the field … appears twice"),
        ("""has "o'neil" and 'a\\'b' in it""", "has … and … in it"),
    ],
)
def test_a_reject_keeps_its_place_and_no_value(reason: str, expected: str) -> None:
    made = discreet(Reject("a.csv", 7, "weight", "ann@x.org", reason, 'write "ann@x.org|"'))
    assert made == Reject("a.csv", 7, "weight", "", expected, "write …")


def test_an_error_of_a_file_loses_what_it_quotes() -> None:
    shown = str(withheld(UnreadableFile("a.csv lacks id; it has 'ann@x.org', 'Ann'", remedy="see 'Ann'")))
    assert shown == "a.csv lacks id; it has …, …; see …"
    outer = UnreadableFile("a.csv: Row #3: got ann@x.org", remedy="x")
    outer.__cause__ = ValueError("Row #3: got ann@x.org")
    assert str(withheld(outer)) == "a.csv: …; x"
    other = InputError("--delimiter is 'xy'")
    assert withheld(other) is other
