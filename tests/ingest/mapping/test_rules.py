"""``--map`` and ``--set`` become rules, and what cannot be one is refused in one line."""

from __future__ import annotations

import pytest

from influence_graph.errors import InputError
from influence_graph.ingest.header import field_name
from influence_graph.ingest.mapping.mapping import Rule
from influence_graph.ingest.mapping.rules import changes_of
from influence_graph.ingest.values.notation import Notation

NAMES = ["Created", "Created at", "Price decimal", "Price", "E-Mail", "A + B", "A", "NPS", "Tags\u00a0all"]


def rule(text: str) -> Rule:
    (found,) = changes_of([text], []).rules(NAMES, "f.csv").values()
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at=Created at", Rule(columns=("Created at",))),
        ("at = created AT ", Rule(columns=("Created at",))),
        ("at=Created", Rule(columns=("Created",))),
        ("note=tags  ALL", Rule(columns=("Tags\u00a0all",))),
        (
            "at=Created at format %d/%m/%Y %H:%M zone Europe/Berlin",
            Rule(columns=("Created at",), notation=Notation(format="%d/%m/%Y %H:%M", timezone="Europe/Berlin")),
        ),
        ("at=Created unit ms", Rule(columns=("Created",), notation=Notation(unit="ms"))),
        ("value=Price decimal ,", Rule(columns=("Price",), notation=Notation(decimal=","))),
        ("value=Price decimal decimal ,", Rule(columns=("Price decimal",), notation=Notation(decimal=","))),
        (
            "value=Price decimal . currency EUR",
            Rule(columns=("Price",), notation=Notation(decimal=".", currency="EUR")),
        ),
        ("valence=NPS scale 0..10", Rule(columns=("NPS",), notation=Notation(scale=(0, 10)))),
        ("valence=NPS scale 5 .. -5", Rule(columns=("NPS",), notation=Notation(scale=(5, -5)))),
        ("consumer=E-Mail prefix shop-", Rule(columns=("E-Mail",), notation=Notation(prefix="shop-"))),
        ("event_id=A + B", Rule(columns=("A + B",))),
        ("event_id=A + Price + NPS prefix x", Rule(columns=("A", "Price", "NPS"), notation=Notation(prefix="x"))),
        ("event_id=digest", Rule(digest=True)),
    ],
)
def test_the_longest_column_is_taken_and_rule_words_follow(text: str, expected: Rule) -> None:
    assert rule(text) == expected


def test_a_column_named_digest_is_a_column() -> None:
    assert changes_of(["event_id=digest"], []).rules(["Digest"], "f")["event_id"] == Rule(columns=("Digest",))


@pytest.mark.parametrize(
    ("maps", "constants", "message", "remedy"),
    [
        (["at"], [], "--map 'at' is not FIELD=COLUMN", "Created at"),
        (["=Email"], [], "is not FIELD=COLUMN", "--map"),
        (["at="], [], "is not FIELD=COLUMN", "--map"),
        ([], ["brand"], "--set 'brand' is not FIELD=TEXT", "--set"),
        (["consumr=Email"], [], "no field 'consumr'", "'consumer'"),
        ([], ["brnad=acme"], "no field 'brnad'", "'brand'"),
        (["at=A", "AT=B"], [], "at is given by --map at=A too", "keep one"),
        (["brand=A"], ["brand=b"], "brand is given by --map brand=A too", "keep one"),
    ],
)
def test_what_is_no_rule_is_refused(maps: list[str], constants: list[str], message: str, remedy: str) -> None:
    with pytest.raises(InputError) as refused:
        changes_of(maps, constants)
    assert message in refused.value.message
    assert remedy in refused.value.remedy


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("at=Creatd at", "f.csv has no column 'Creatd at'", "'Created at'"),
        ("consumer=Mail", "has no column 'Mail'", "'E-Mail'"),
        ("consumer=xyz", "has no column 'xyz'", "its columns are 'Created'"),
        ("event_id=A + zzz format %d", "has no column 'zzz'", ""),
        ("at=Created at fromat %d", "'fromat' is no rule word", "'format'"),
        ("at=Created at format", "format needs one value", "format %d/%m/%Y"),
        ("at=Created unit s unit ms", "unit needs one value", "unit ms"),
        ("valence=NPS scale ten", "scale 'ten' is not two numbers", "scale 0..10"),
        ("valence=NPS scale 10", "scale '10' is not two numbers", "scale 0..10"),
    ],
)
def test_a_missing_column_or_a_wrong_rule_word_is_refused(text: str, message: str, remedy: str) -> None:
    with pytest.raises(InputError) as refused:
        rule(text)
    assert message in refused.value.message
    assert remedy in refused.value.remedy
    assert text in refused.value.message


@pytest.mark.parametrize("same", ["Created at", " created  AT\t", "CREATED\u00a0AT", "\u00a0Created at\u00a0"])
def test_case_and_spaces_do_not_make_another_column(same: str) -> None:
    assert field_name(same) == "created at"
    assert field_name("Cafe\u0301") == field_name("CAFÉ")
