from __future__ import annotations

import itertools

import pytest

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.source import ReadOptions, open_source
from influence_graph.model.records import KINDS
from tests.bad_input.cases import CASES, Case


def options(case: Case) -> ReadOptions:
    return ReadOptions(kind=KINDS[case.kind] if case.kind else None, timezone=case.timezone)


def text(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def named(cases):
    return pytest.mark.parametrize("case", cases, ids=[case.name for case in cases])


@named([case for case in CASES if case.refused is None])
def test_good_records_pass_and_bad_ones_are_named(case, tmp_path):
    path = tmp_path / f"file{case.suffix}"
    path.write_bytes(case.content)
    source, rejects = open_source(path, options(case)), []
    batches = list(source.batches(rejects.append))
    for value_only, expected in ((False, case.rejected), (True, case.left_out)):
        found = [reject for reject in rejects if reject.value_only is value_only]
        assert [(reject.line, reject.column) for reject in found] == [(line, column) for line, column, _ in expected]
        assert all(part in reject.reason for reject, (_, _, part) in zip(found, expected, strict=True))
        assert all(("only this value was left out" in reject.reason) is value_only for reject in found)
    assert sum(batch.table.num_rows for batch in batches) == case.accepted
    assert source.rows == case.accepted + len(case.rejected)
    for name, expected in case.values.items():
        values = itertools.chain.from_iterable(batch.table.column(name).to_pylist() for batch in batches)
        assert [text(value) for value in values] == expected


@named([case for case in CASES if case.rejected or case.left_out])
def test_rejects_are_one_printable_line_with_a_remedy(case, tmp_path):
    path = tmp_path / f"file{case.suffix}"
    path.write_bytes(case.content)
    rejects = []
    list(open_source(path, options(case)).batches(rejects.append))
    for reject in rejects:
        assert reject.file == str(path)
        assert reject.value.isprintable()
        assert len(reject.value) <= 120
        assert reject.reason.isprintable()
        assert reject.remedy


@named([case for case in CASES if case.refused is not None])
def test_hopeless_files_are_refused_in_one_line(case, tmp_path):
    path = tmp_path / f"file{case.suffix}"
    path.write_bytes(case.content)
    with pytest.raises(UnreadableFile) as error:
        list(open_source(path, options(case)).batches(lambda reject: None))
    assert case.refused in error.value.message
    assert str(path) in error.value.message
    assert error.value.remedy
    assert str(error.value).isprintable()


def test_names_of_cases_are_unique():
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
