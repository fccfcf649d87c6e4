"""The table of synonyms is in one form and names only what there is."""

import pytest

from influence_graph.ingest.guessing.synonyms import name_key, synonyms
from influence_graph.model.records import KINDS
from influence_graph.model.touchpoints import TouchpointTable


def test_fields_exist_and_hold_their_own_name() -> None:
    for kind, fields in synonyms().fields.items():
        for field, names in fields.items():
            assert field in KINDS[kind].by_name
            assert len(set(names)) == len(names), (kind, field)
            assert [name_key(name) for name in names] == list(names)


def test_signs_are_keys() -> None:
    for sign in synonyms().signs.values():
        assert {name_key(name) for name in sign.names} == sign.names
        assert {value.casefold() for value in sign.values} == sign.values


def test_kinds_that_signs_name_are_known_or_neutral() -> None:
    table = TouchpointTable.load()
    kinds = {sign.kind for sign in synonyms().signs.values() if sign.kind}
    assert {kind for kind in kinds if not table.knows(kind)} == {"support ticket"}
    assert table.rule("support ticket").valence == 0


@pytest.mark.parametrize("sign", ["points", "weight", "paid", "confidence", "blame", "recognized", "replaces"])
def test_fields_whose_names_mean_something_else_elsewhere_are_not_guessed(sign: str) -> None:
    assert sign not in synonyms().fields["interactions"]


def test_accents_case_and_notes() -> None:
    table = synonyms()
    assert table.place("interactions", "at", "CREATED AT (UTC)") == table.place("interactions", "at", "createdAt")
    assert table.place("people", "city", "Ville") is not None
    assert table.has("review", "Sterne")
    assert table.scale("How likely are you to recommend Foerde to a friend?") == (0, 10)
    assert table.scale("Bewertung") is None
