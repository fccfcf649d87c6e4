"""Names are found by label and id, and stand beside the ids of frames."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from influence_graph.model.names import BRAND, CONSUMER, NO_NAMES, NameTable, NodeNames, ids_in

NAMES = NodeNames(consumers={"7": "Ada", "x": "x", "e": ""}, brands={"7": "Adams & Co"})


def test_a_person_and_a_brand_of_one_id_have_names_of_their_own() -> None:
    assert (NAMES.of(CONSUMER, "7"), NAMES.of(BRAND, "7"), NAMES.of(BRAND, "x"), NAMES.of("Run", "7")) == (
        "Ada",
        "Adams & Co",
        None,
        None,
    )


def test_a_sentence_calls_a_node_by_name_and_id_where_they_differ() -> None:
    assert [NAMES.text(CONSUMER, id_) for id_ in ("7", "x", "e", "?")] == ["Ada (7)", "x", "e", "?"]
    long = NodeNames(brands={"b": "<i>" + "n" * 900 + "\n"})
    assert len(long.text(BRAND, "b")) == 60 + len(" (b)")
    assert "\n" not in NodeNames(brands={"b": "a\nb"}).text(BRAND, "b")


def test_names_stand_directly_after_the_ids_by_label() -> None:
    nodes = pd.DataFrame({"rank": [1, 2, 3], "id": ["7", "7", "?"], "label": [BRAND, CONSUMER, CONSUMER]}, [5, 6, 7])
    shown = NAMES.beside(nodes)
    assert list(shown.columns) == ["rank", "id", "name", "label"]
    assert shown["name"].astype(object).where(shown["name"].notna(), None).tolist() == ["Adams & Co", "Ada", None]
    assert list(nodes.columns) == ["rank", "id", "label"]
    only = NodeNames(consumers={"a": "Ann"}, brands={"b": "Bolt"}).beside(
        pd.DataFrame({"id": ["a", "b", "a", "b"], "label": [CONSUMER, BRAND, BRAND, CONSUMER]})
    )
    assert only["name"].fillna("-").tolist() == ["Ann", "Bolt", "-", "-"]
    bonds = pd.DataFrame({"consumer": pd.Categorical(["7"]), "brand": ["7"], "score": [1.0]})
    shown = NAMES.beside(bonds)
    assert list(shown.columns) == ["consumer", "consumer_name", "brand", "brand_name", "score"]
    assert shown.iloc[0].tolist() == ["7", "Ada", "7", "Adams & Co", 1.0]
    assert NAMES.beside(nodes[["id"]])["name"].tolist()[:2] == ["Ada", "Ada"]


def test_the_columns_are_there_and_are_texts_also_where_nobody_has_a_name() -> None:
    ties = pd.DataFrame({"source": ["a"], "target": ["b"]})
    shown = NO_NAMES.beside(ties)
    assert list(shown.columns) == ["source", "source_name", "target", "target_name"]
    assert shown["source_name"].isna().all()
    assert shown["source_name"].dtype == "string"
    assert list(NO_NAMES.beside(ties.head(0)).columns) == list(shown.columns)


def test_ids_are_collected_by_label() -> None:
    nodes = pd.DataFrame({"id": ["7", "8"], "label": [BRAND, CONSUMER]})
    bonds = pd.DataFrame({"consumer": ["c"], "brand": ["b"], "via": [""]})
    found = {label: set(ids.to_pylist()) for label, ids in ids_in([nodes, bonds, nodes]).items()}
    assert found == {CONSUMER: {"8", "c"}, BRAND: {"7", "b", ""}}


def test_names_in_columns_are_found_by_one_id_or_by_many() -> None:
    table = NameTable(pa.chunked_array([["a"], ["b"]]), pa.chunked_array([["Ann"], ["Bea"]]))
    assert table == {"a": "Ann", "b": "Bea"}
    assert (table.get("b"), table.get("?"), len(table)) == ("Bea", None, 2)
    for type_ in (pa.string(), pa.large_string()):
        assert table.find(pa.array(["b", None, "?", "a", "b"], type_)).to_pylist() == ["Bea", None, None, "Ann", "Bea"]
    with pytest.raises(KeyError):
        table["?"]
    assert NameTable.of(table) is table
