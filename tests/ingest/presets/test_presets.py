"""Each preset loads the file of its product as it was exported, and no other file."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from influence_graph.app.ingest import FileReport, IngestOptions, ingest
from influence_graph.errors import InputError
from influence_graph.ingest.mapping.rules import Changes
from influence_graph.ingest.presets import preset, presets
from influence_graph.ingest.presets.recognize import recognized
from influence_graph.model.records import KINDS
from influence_graph.model.touchpoints import TouchpointTable
from influence_graph.stores.embedded.store import EmbeddedStore
from tests.ingest.presets.cases import CASES, Case

FILES = Path(__file__).parent / "files"
GENERAL = {("crm-contacts", "hubspot-contacts")}  # the one is for files of any CRM, that of the other among them
PAIRS = [
    (name, other)
    for name, other in permutations(sorted(CASES), 2)
    if CASES[name].file != CASES[other].file and (name, other) not in GENERAL
]


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore(tmp_path / "store")


def ingested(store: EmbeddedStore, name: str, case: Case, file: str, folder: Path) -> FileReport:
    """Ingest *file* by the preset *name*, with what the user of *case* states."""
    options = IngestOptions(
        mapping=preset(name),
        changes=Changes(constants=case.answers),
        timezone=case.timezone,
        rejects=folder / "rejects.jsonl",
    )
    (report,) = ingest(store, [FILES / file], options)
    return report


def test_every_preset_has_a_case_and_every_file_a_preset() -> None:
    assert sorted(presets()) == sorted(CASES)
    assert sorted(each.name for each in FILES.iterdir()) == sorted({case.file for case in CASES.values()})


@pytest.mark.parametrize("name", sorted(CASES))
def test_file_to_counts_to_an_answer(name: str, store: EmbeddedStore, tmp_path: Path) -> None:
    case = CASES[name]
    report = ingested(store, name, case, case.file, tmp_path)
    assert (report.kind, report.rows, report.rejected) == (preset(name).kind, case.rows, case.rejected)
    assert sum(report.skipped.values()) == case.skipped
    assert not report.unknown_kinds
    counts = store.counts()
    assert counts == {**dict.fromkeys(KINDS, 0), **case.counts}
    assert dict(case.answer(store)) == dict(case.expected)

    again = ingested(store, name, case, case.file, tmp_path)
    assert (again.inserted, again.updated, again.rejected) == (0, 0, case.rejected)
    assert store.counts() == counts


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_file_is_recognized_as_that_of_its_preset(name: str) -> None:
    path = FILES / CASES[name].file
    own = [other for other, case in sorted(CASES.items()) if case.file == CASES[name].file]
    found = [each.name for each in recognized(path)]
    assert [each for each in found if (each, name) not in GENERAL] == own
    assert found[0] in own


@pytest.mark.parametrize(("name", "other"), PAIRS)
def test_a_preset_refuses_the_file_of_another(name: str, other: str, store: EmbeddedStore, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        ingested(store, name, CASES[name], CASES[other].file, tmp_path)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_a_preset_says_of_itself(name: str) -> None:
    mapping = preset(name)
    assert mapping.name == name
    assert mapping.about
    assert "\n" not in mapping.about
    assert urlsplit(mapping.source).scheme == "https"
    assert urlsplit(mapping.source).netloc
    assert mapping.header
    assert not {"points", "weight", "confidence"} & mapping.fields.keys()  # no export can know them
    assert set(mapping.ask).isdisjoint(mapping.fields)


@pytest.mark.parametrize("name", [name for name in sorted(CASES) if preset(name).kind == "interactions"])
def test_the_touchpoint_table_knows_the_kinds_of_a_preset(name: str) -> None:
    rule = preset(name).fields["kind"]
    kinds = rule.notation.values.values() if rule.columns else [rule.constant]
    table = TouchpointTable.load()
    assert kinds
    assert all(kind is not None and table.knows(kind) for kind in kinds)
