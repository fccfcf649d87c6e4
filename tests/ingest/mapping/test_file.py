"""Mapping files: what is written reads back, and each mistake is named with its line."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.layout import Layout
from influence_graph.ingest.mapping.file import dump_mapping, load_mapping, parse_mapping
from influence_graph.ingest.mapping.mapping import Mapping, Rule
from influence_graph.ingest.values.notation import Notation

SHOP = """# our shop
kind = "interactions"
timezone = "Europe/Berlin"
header = ["Order", "Email"]

[fields]
consumer = "Email"
at = {column = "Created at", format = "%d/%m/%Y"}
kind = {constant = "support ticket"}
event_id = {columns = ["Order", "Line"], prefix = "shop-"}
valence = {column = "NPS", scale = [0, 10]}
value = {column = "Total", decimal = ","}
points = {constant = 2}
paid = {constant = true}
touchpoint = {column = "Reason", values = {late = "expediting", "well done" = "engagement"}}

[skip]
"Created at" = ["", "n/a"]

[ask]
brand = "the brand of this shop"

[layout]
encoding = "cp1252"
delimiter = ";"
header = false
columns = ["Order", "Line"]
"""


def test_a_file_says_what_each_field_is_made_of() -> None:
    mapping = parse_mapping(SHOP, "shop.toml")
    assert (mapping.kind, mapping.timezone, mapping.header) == ("interactions", "Europe/Berlin", ("Order", "Email"))
    assert mapping.fields == {
        "consumer": Rule(columns=("Email",)),
        "at": Rule(columns=("Created at",), notation=Notation(format="%d/%m/%Y")),
        "kind": Rule(constant="support ticket"),
        "event_id": Rule(columns=("Order", "Line"), notation=Notation(prefix="shop-")),
        "valence": Rule(columns=("NPS",), notation=Notation(scale=(0.0, 10.0))),
        "value": Rule(columns=("Total",), notation=Notation(decimal=",")),
        "points": Rule(constant="2"),
        "paid": Rule(constant="true"),
        "touchpoint": Rule(
            columns=("Reason",), notation=Notation(values={"late": "expediting", "well done": "engagement"})
        ),
    }
    assert mapping.skip == {"Created at": ("", "n/a")}
    assert mapping.ask == {"brand": "the brand of this shop"}
    assert mapping.layout == Layout(encoding="cp1252", delimiter=";", header=False, columns=("Order", "Line"))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
PATTERNS = st.sampled_from(["%d/%m/%Y", "%m/%d/%y %I:%M %p", "%Y-%m-%d"])
TIMES = st.builds(Notation, format=PATTERNS) | st.builds(Notation, unit=st.sampled_from(["s", "ms"]))
NUMBERS = st.builds(
    Notation, decimal=st.sampled_from(["", ",", "."]), scale=st.sampled_from([None, (0.0, 10.0), (5.0, -1.5)])
)
COLUMNS = st.tuples(TEXTS)
FIELDS = st.fixed_dictionaries(
    {"consumer": st.builds(Rule, columns=COLUMNS)},
    optional={
        "event_id": st.just(Rule(digest=True)) | st.builds(Rule, columns=st.tuples(TEXTS, TEXTS)),
        "at": st.builds(Rule, columns=COLUMNS, notation=TIMES),
        "kind": st.builds(Rule, constant=TEXTS),
        "valence": st.builds(Rule, columns=COLUMNS, notation=NUMBERS),
        "channel": st.builds(
            Rule, columns=COLUMNS, notation=st.builds(Notation, values=st.dictionaries(TEXTS | st.just(""), TEXTS))
        ),
    },
)
MAPPINGS = st.builds(
    Mapping,
    kind=st.just("interactions"),
    fields=FIELDS,
    skip=st.dictionaries(TEXTS, st.lists(TEXTS | st.just(""), min_size=1).map(tuple)),
    ask=st.dictionaries(st.just("brand"), TEXTS),
    layout=st.builds(
        Layout,
        delimiter=st.sampled_from(["", ";", "\t"]),
        header=st.sampled_from([None, True, False]),
        columns=st.lists(TEXTS).map(tuple),
        records=st.just("") | TEXTS,
    ),
    timezone=st.sampled_from(["", "Europe/Berlin"]),
    name=st.just("") | TEXTS,
    about=st.just("") | TEXTS,
    header=st.lists(TEXTS).map(tuple),
)


@given(MAPPINGS)
def test_what_is_written_reads_back(mapping: Mapping) -> None:
    again = parse_mapping(dump_mapping(mapping), "m.toml")
    assert again == mapping
    assert list(again.fields) == list(mapping.fields)


def test_comments_stand_above_their_lines() -> None:
    mapping = Mapping(kind="people", fields={"id": Rule(columns=("Email",)), "name": Rule(constant="x")})
    text = dump_mapping(mapping, {"": "of a.csv\ntwo lines", "id": "12 of 12 values"})
    assert text.splitlines() == [
        "# of a.csv",
        "# two lines",
        'kind = "people"',
        "",
        "[fields]",
        "# 12 of 12 values",
        'id = "Email"',
        'name = {constant = "x"}',
    ]
    assert tomllib.loads(text)["fields"]["id"] == "Email"


HEAD = 'kind = "interactions"\n[fields]\n'
BAD = {
    "no kind": ("[fields]\n", 1, "no kind of record is named", "interactions"),
    "unknown kind": ('kind = "interaction"\n', 1, "no kind of record 'interaction'", "'interactions'"),
    "unknown key": ('\nkind = "people"\nfeilds = 1\n', 3, "unknown key feilds", "'fields'"),
    "unknown field": (f'{HEAD}at = "a"\nconsumr = "b"\n', 4, "unknown key fields.consumr", "'consumer'"),
    "unknown part": (f'{HEAD}at = {{colum = "a"}}\n', 3, "unknown key fields.at.colum", "'column'"),
    "number": (f"{HEAD}at = 3\n", 3, "at is 3, must be the name of a column", 'at = "COLUMN"'),
    "two sources": (f'{HEAD}at = {{column = "a", constant = "b"}}\n', 3, "both column and constant", "one of"),
    "no source": (f'{HEAD}at = {{format = "%d"}}\n', 3, "neither column nor constant", "one of"),
    "digest false": (f"{HEAD}event_id = {{digest = false}}\n", 3, "digest is False", "digest = true"),
    "no column": (f"{HEAD}event_id = {{columns = []}}\n", 3, "columns is empty", "name a column"),
    "columns of numbers": (f"{HEAD}event_id = {{columns = [1]}}\n", 3, "must be a list of texts", "["),
    "column that is a list": (f'{HEAD}at = {{column = ["a"]}}\n', 3, "must be text", "quotes"),
    "notation of a constant": (f'{HEAD}at = {{constant = "a", unit = "s"}}\n', 3, "no column to describe", "leave"),
    "unit of an id": (f'{HEAD}consumer = {{column = "a", unit = "s"}}\n', 3, "unit is for times", "leave out unit"),
    "unknown unit": (f'{HEAD}at = {{column = "a", unit = "h"}}\n', 3, "'h'", "'ms'"),
    "bad format": (f'{HEAD}\nat = {{column = "a", format = "%Q"}}\n', 4, "%Q", "%Y"),
    "scale of three": (f'{HEAD}valence = {{column = "a", scale = [0, 1, 2]}}\n', 3, "must be two numbers", "[0, 10]"),
    "scale of texts": (f'{HEAD}valence = {{column = "a", scale = ["0", "1"]}}\n', 3, "must be two numbers", "[0, 10]"),
    "list as constant": (f"{HEAD}kind = {{constant = [1]}}\n", 3, "must be text or a number", "quotes"),
    "zone": ('kind = "people"\ntimezone = "Europe/Berln"\n', 2, "'Europe/Berln'", "'Europe/Berlin'"),
    "skip of one text": ('kind = "people"\n[skip]\na = ""\n', 3, "must be a list of texts", "["),
    "ask of another field": ('kind = "people"\n[ask]\nbrand = "x"\n', 3, "unknown key ask.brand", "id"),
    "layout": ('kind = "people"\n[layout]\ndelimitr = ";"\n', 3, "unknown key layout.delimitr", "'delimiter'"),
    "layout header": ('kind = "people"\n[layout]\nheader = "no"\n', 3, "header is 'no'", "true or false"),
    "fields no table": ('kind = "people"\nfields = 3\n', 2, "must be a table", "[fields]"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_is_named_with_its_line(name: str) -> None:
    text, line, message, remedy = BAD[name]
    with pytest.raises(InputError) as refused:
        parse_mapping(text, "m.toml")
    assert refused.value.message.startswith(f"m.toml:{line}: ")
    assert message in refused.value.message
    assert remedy in refused.value.remedy
    assert "\n" not in str(refused.value)


def test_a_field_twice_and_a_file_that_is_none_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(f'{HEAD}at = "a"\nat = "b"\n')
    with pytest.raises(UnreadableFile, match=r"m\.toml:4: not TOML: Cannot overwrite a value"):
        load_mapping(path)
    with pytest.raises(UnreadableFile, match=r"cannot read the mapping .*inspect"):
        load_mapping(tmp_path / "nowhere.toml")
