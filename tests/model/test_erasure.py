"""What is cleared of JSON when somebody is forgotten, and what stays."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest

from influence_graph.model.erasure import Redaction, without_people

ANN = Redaction(["ann"], ["Ann Bell"])


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"asked": {"k": 2, "exclude": ["ann", "bob"]}}, {"asked": {"k": 2, "exclude": ["bob"]}}),
        ({"personalization": {"ann": 1.0, "bob": 2.0}}, {"personalization": {"bob": 2.0}}),
        ({"asked": {"ids": ["ann"]}}, None),
        ({"personalization": {"ann": 1.0}}, None),
        ({"asked": {"brand": "ann", "brands": ["ann"]}}, {"asked": {"brand": "ann", "brands": ["ann"]}}),
        ({"asked": {"ids": []}, "ids": []}, {"asked": {"ids": []}, "ids": []}),
        ({"by": "ann", "policy": {"ann": ["ann"]}}, {"by": "ann", "policy": {"ann": ["ann"]}}),
        ({"ann": 3}, {"ann": 3}),
    ],
)
def test_parameters_of_runs(given: dict[str, Any], left: dict[str, Any] | None) -> None:
    told = ANN.parameters(json.dumps(given, sort_keys=True))
    assert (None if told is None else json.loads(told)) == left


def test_a_text_that_names_nobody_is_returned_as_it_is() -> None:
    for text in ('{"b":  1, "a": [ ]}', '{"joann": ["anna"]}'):
        assert ANN.parameters(text) is text
        assert ANN.state(text) is text
        assert ANN.recalculation(text) is text


def test_of_recalculations_only_sentences_change() -> None:
    given = {"id": "ann", "steps": [{"kind": "ann", "why": "Ann Bell (ann) rose, anna did not"}]}
    told = json.loads(ANN.recalculation(json.dumps(given)))
    assert told == {"id": "ann", "steps": [{"kind": "ann", "why": "(forgotten) ((forgotten)) rose, anna did not"}]}


def test_of_states_goes_what_is_about_somebody() -> None:
    message = {"id": 1, "subject": {"consumer": "ann", "brand": "acme"}, "text": "ann left"}
    other = {"id": 2, "subject": {"consumer": "bob"}, "text": "bob left ann."}
    given = {
        "rules": {"0a": {"beyond": [["ann", "acme", "2026"], ["bob", "acme", "2026"]]}},
        "outbox": [{"message": message, "to": ["hook"]}, {"message": other, "to": ["hook"]}],
        "told": [message, other],
        "values": {"bond:ann|acme": 1, "bond:bob|acme": 2},
        "none": None,
    }
    left = {**other, "text": "bob left (forgotten)."}
    assert json.loads(ANN.state(json.dumps(given)) or "") == {
        "rules": {"0a": {"beyond": [["bob", "acme", "2026"]]}},
        "outbox": [{"message": left, "to": ["hook"]}],
        "told": [left],
        "values": {"bond:bob|acme": 2},
        "none": None,
    }
    assert ANN.state(json.dumps({"person": "ann", "since": 1})) is None


def test_a_number_is_a_count_unless_it_is_quoted() -> None:
    two = Redaction(["2"])
    assert two.text("2 of 20 people, '2' and Bo (2)") == "2 of 20 people, '(forgotten)' and Bo ((forgotten))"
    assert two.is_named_in("1,2,3")
    assert not two.is_named_in("20 a2")


@pytest.mark.parametrize("id_", ["a.*b", "(x", "ü-1", "a b", "=cmd()"])
def test_ids_are_no_patterns(id_: str) -> None:
    redaction = Redaction([id_])
    assert redaction.text(f"saw {id_}, then axxb") == "saw (forgotten), then axxb"
    assert redaction.is_named_in(f"'{id_}'")
    assert not redaction.is_named_in("axxb")


def test_rows_of_results_without_people() -> None:
    nodes = pa.table(
        {"label": ["Consumer", "Brand", "Consumer"], "id": ["ann", "ann", "bob"], "score": [1.0, 2.0, 3.0]}
    )
    assert without_people(nodes, ["ann"]).to_pylist() == nodes.slice(1).to_pylist()
    ties = pa.table({"source": ["ann", "bob", "cat"], "target": ["bob", "ann", "bob"], "probability": [0.1, 0.2, 0.3]})
    assert without_people(ties, ["ann"]).to_pylist() == ties.slice(2).to_pylist()
    bonds = pa.table({"consumer": ["bob"], "brand": ["ann"], "fusion_score": [1.0]})
    assert without_people(bonds, ["ann"]).to_pylist() == bonds.to_pylist()
