"""Kept sums give the scores of a full calculation, whatever was appended, restored, edited or torn."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from influence_graph.analyses.fusion.scores import NUMBERS, fusion_scores
from influence_graph.app.jobs import kept_scores
from influence_graph.model.policy.policy import FusionPolicy
from influence_graph.model.records import INTERACTIONS
from influence_graph.model.touchpoints import KindRule, TouchpointTable
from influence_graph.stores.base import InteractionFilter, LedgerMark
from tests.analyses.fusion.events import corrected_ledgers, quick, with_rivals

DAY = datetime(2026, 5, 1, 20, tzinfo=UTC)


class FakeLedger:
    """A ledger in memory that can be read as a snapshot."""

    def __init__(self, cache: Path, token: str = "ledger") -> None:
        self.cache, self.token = cache, token
        self.events: list[dict[str, Any]] = []
        self.reads: list[InteractionFilter] = []

    def append(self, *events: dict[str, Any]) -> None:
        self.events += events

    def mark(self, position: int | None = None) -> LedgerMark:
        events = self.events[:position]
        text = json.dumps(events, default=str, sort_keys=True)
        return LedgerMark(self.token, len(events), hashlib.sha256(text.encode()).hexdigest())

    def interactions(self, where: InteractionFilter) -> pa.Table:
        self.reads.append(where)
        assert where.history, "the sums depend on corrections too"
        found = self.events[where.after :]
        if where.events is not None:
            found = [event for event in found if event["event_id"] in where.events]
        if where.consumers is not None:
            found = [event for event in found if event["consumer"] in where.consumers]
        more = found if where.events is not None or where.consumers is not None else []
        while more:
            ids = {event["event_id"] for event in more}
            more = [event for event in self.events if event.get("replaces") in ids and event not in found]
            found += more
        found = sorted(found, key=lambda event: (time_of(event["at"]), event["event_id"]))
        return self.table(found)

    def kinds(self) -> dict[str, int]:
        replaced = {event.get("replaces") for event in self.events}
        return Counter(event.get("kind") or "" for event in self.events if event["event_id"] not in replaced)

    def table(self, events: list[dict[str, Any]]) -> pa.Table:
        rows = [{name: event.get(name) for name in INTERACTIONS.names} for event in events]
        times = {name: [time_of(row[name]) for row in rows] for name in ("at", "recorded_at")}
        columns = {name: times.get(name, [row[name] for row in rows]) for name in INTERACTIONS.names}
        table = pa.table(columns, schema=INTERACTIONS.schema)
        for name in ("consumer", "brand"):
            ids = sorted({event[name] for event in self.events})
            codes = pa.array([ids.index(row[name]) for row in rows], pa.int32())
            dictionary = pa.DictionaryArray.from_arrays(codes, pa.array(ids, pa.string()))
            table = table.set_column(table.column_names.index(name), name, dictionary)
        return table


def time_of(time: str | datetime | None) -> datetime | None:
    return datetime.fromisoformat(time) if isinstance(time, str) else time


def event(number: int, **changes: Any) -> dict[str, Any]:
    plain = {"event_id": f"e{number}", "at": DAY + timedelta(days=number), "consumer": "a", "brand": "b", "points": 1.0}
    return {**plain, **changes}


def latest_scores(ledger: Any, policy: FusionPolicy, *, keep: bool = False) -> kept_scores.LatestScores:
    return kept_scores.calculate(kept_scores.read(ledger, policy, keep=keep))


def recomputed(ledger: Any, policy: FusionPolicy) -> pd.DataFrame:
    return fusion_scores(ledger.interactions(InteractionFilter(history=True)), policy=policy)


def assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert list(found.columns) == list(expected.columns)
    if len(expected):  # no ids are of no type
        assert found.dtypes.tolist() == expected.dtypes.tolist()
    assert found[["consumer", "brand"]].to_numpy().tolist() == expected[["consumer", "brand"]].to_numpy().tolist()
    numbers = list(NUMBERS)
    assert found[numbers].to_numpy() == pytest.approx(expected[numbers].to_numpy(), rel=1e-9, abs=1e-9, nan_ok=True)
    assert found.attrs == expected.attrs


@contextmanager
def empty_ledger() -> Iterator[FakeLedger]:
    with tempfile.TemporaryDirectory() as folder:
        yield FakeLedger(Path(folder) / "cache")


cuts = st.lists(st.integers(0, 12), max_size=4)
shares = st.sampled_from((0.0, 0.5, 1.0))


def batches(events: list[dict[str, Any]], places: list[int]) -> list[list[dict[str, Any]]]:
    ends = sorted(min(place, len(events)) for place in places)
    return [events[start:end] for start, end in zip([0, *ends], [*ends, len(events)], strict=True)]


@quick
@given(corrected_ledgers(max_size=12), with_rivals, cuts, shares)
def test_after_every_batch_the_scores_are_those_of_a_full_calculation(
    events: list[dict[str, Any]], policy: FusionPolicy, places: list[int], share: float
) -> None:
    with empty_ledger() as ledger, mock.patch.object(kept_scores, "MOST_REPLAYED", share):
        for batch in batches(events, places):
            ledger.append(*batch)
            found = latest_scores(ledger, policy, keep=True)
            assert_same(found.frame, recomputed(ledger, policy))
            assert found.is_kept == bool(ledger.events)
            assert found.mark == ledger.mark()


@quick
@given(corrected_ledgers(max_size=12), with_rivals, st.integers(0, 12), shares)
def test_scores_without_keeping_use_what_is_kept_and_leave_it(
    events: list[dict[str, Any]], policy: FusionPolicy, place: int, share: float
) -> None:
    with empty_ledger() as ledger, mock.patch.object(kept_scores, "MOST_REPLAYED", share):
        ledger.append(*events[:place])
        latest_scores(ledger, policy, keep=True)
        before = content_of(ledger)
        ledger.append(*events[place:])
        assert_same(latest_scores(ledger, policy).frame, recomputed(ledger, policy))
        assert content_of(ledger) == before


def content_of(ledger: FakeLedger) -> bytes | None:
    path = ledger.cache / kept_scores.FILE_NAME
    return path.read_bytes() if path.exists() else None


@pytest.fixture
def ledger(tmp_path: Path) -> FakeLedger:
    """Return a ledger of ten consumers, whose sums are kept for the default policy."""
    ledger = FakeLedger(tmp_path / "cache")
    ledger.append(*[event(i, consumer=f"c{i}", brand="b" if i % 2 else "other", points=float(i)) for i in range(10)])
    latest_scores(ledger, FusionPolicy(), keep=True)
    ledger.reads.clear()
    return ledger


def test_where_nothing_is_new_nothing_is_written(ledger: FakeLedger) -> None:
    path = ledger.cache / kept_scores.FILE_NAME
    before = path.stat()
    found = latest_scores(ledger, FusionPolicy(), keep=True)
    assert (found.from_kept, found.is_kept) == (True, True)
    assert ledger.reads == [InteractionFilter(after=10, history=True)]
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert_same(found.frame, recomputed(ledger, FusionPolicy()))


def test_only_the_user_reads_what_is_kept_whatever_the_umask(tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        ledger = FakeLedger(tmp_path / "cache")
        ledger.append(event(1), event(2))
        latest_scores(ledger, FusionPolicy(), keep=True)
        path = ledger.cache / kept_scores.FILE_NAME
        assert (path.stat().st_mode & 0o777, ledger.cache.stat().st_mode & 0o777) == (0o600, 0o700)
        path.chmod(0o666)
        ledger.cache.chmod(0o755)  # as a former version left them
        assert latest_scores(ledger, FusionPolicy(), keep=True).from_kept
        assert (path.stat().st_mode & 0o777, ledger.cache.stat().st_mode & 0o777) == (0o600, 0o700)
    finally:
        os.umask(former)


def test_only_what_is_new_is_read(ledger: FakeLedger) -> None:
    ledger.append(event(20, consumer="new"), event(21, consumer="c3"))
    found = latest_scores(ledger, FusionPolicy())
    assert (found.from_kept, found.is_kept) == (True, False)
    assert ledger.reads == [InteractionFilter(after=10, history=True)]
    assert_same(found.frame, recomputed(ledger, FusionPolicy()))


def test_of_a_correction_only_the_corrected_consumer_is_read_again(ledger: FakeLedger) -> None:
    ledger.append(event(20, consumer="c1", kind="retraction", replaces="e4"))
    found = latest_scores(ledger, FusionPolicy())
    assert found.from_kept
    assert ledger.reads[1:] == [
        InteractionFilter(events=["e4"], history=True),
        InteractionFilter(consumers=["c4"], history=True),
    ]
    assert "c4" not in found.frame["consumer"].tolist()
    assert_same(found.frame, recomputed(ledger, FusionPolicy()))


def test_an_event_that_a_kept_correction_names_does_not_count(ledger: FakeLedger) -> None:
    ledger.append(event(20, consumer="c1", replaces="e21"))
    latest_scores(ledger, FusionPolicy(), keep=True)
    ledger.append(event(21, consumer="c2", points=50.0))
    found = latest_scores(ledger, FusionPolicy())
    assert found.from_kept
    assert found.frame.set_index("consumer")["fusion_score"]["c2"] == 2.0
    assert_same(found.frame, recomputed(ledger, FusionPolicy()))


def test_where_many_consumers_are_to_be_replayed_all_is_calculated_anew(ledger: FakeLedger) -> None:
    ledger.append(*[event(20 + i, consumer=f"c{i}", kind="retraction", replaces=f"e{i}") for i in range(3)])
    found = latest_scores(ledger, FusionPolicy(), keep=True)
    assert (found.from_kept, found.is_kept) == (False, True)
    assert_same(found.frame, recomputed(ledger, FusionPolicy()))


def test_numbers_calculated_anew_are_the_same_bits_whether_kept_or_not(ledger: FakeLedger) -> None:
    policy = FusionPolicy(half_life_days=9.0)
    found = latest_scores(ledger, policy, keep=True)
    assert not found.from_kept
    pd.testing.assert_frame_equal(found.frame, recomputed(ledger, policy), check_exact=True)


def other_table() -> TouchpointTable:
    table = TouchpointTable.load()
    return TouchpointTable({**table.kinds, "wear": KindRule(weight=7.0)}, table.default)


def edited(ledger: FakeLedger) -> None:
    ledger.events[4] = {**ledger.events[4], "points": 77.0}


def restored_shorter(ledger: FakeLedger) -> None:
    del ledger.events[6:]


def another_ledger(ledger: FakeLedger) -> None:
    ledger.token = "another"


def with_header(old: bytes, new: bytes) -> Callable[[FakeLedger], None]:
    """Return what changes the header of the kept file, digest and all."""

    def change(ledger: FakeLedger) -> None:
        path = ledger.cache / kept_scores.FILE_NAME
        body = path.read_bytes()[len(kept_scores._MAGIC) + 16 :]
        assert old in body
        assert len(old) == len(new)
        body = body.replace(old, new)
        path.write_bytes(kept_scores._MAGIC + hashlib.blake2b(body, digest_size=16).digest() + body)

    return change


@pytest.mark.parametrize(
    "change",
    [
        edited,
        restored_shorter,
        another_ledger,
        with_header(b'"format": 2,', b'"format": 0,'),
        with_header(b'"mark": {', b'"mork": {'),
        with_header(b'"position": ', b'"elsewhere":'),
        with_header(b'"position": 10', b'"position": []'),
        with_header(b'{"format"', b'["format"'),
        with_header(b'{"format": 2, "v', b'[{"f": 1}]    "v'),
    ],
)
def test_kept_sums_of_something_else_are_not_used(ledger: FakeLedger, change: Callable[[FakeLedger], None]) -> None:
    change(ledger)
    found = latest_scores(ledger, FusionPolicy(), keep=True)
    assert not found.from_kept
    assert_same(found.frame, recomputed(ledger, FusionPolicy()))
    assert latest_scores(ledger, FusionPolicy()).from_kept


def test_sums_of_another_package_version_are_not_used(ledger: FakeLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_scores, "__version__", "999")
    assert not latest_scores(ledger, FusionPolicy()).from_kept


@pytest.mark.parametrize(
    "policy",
    [
        FusionPolicy(half_life_days=3.0),
        FusionPolicy(spillover=0.5),
        FusionPolicy(blame=0.5),
        FusionPolicy(rivals={("b", "other"): -1.0}),
        FusionPolicy(outcome="loyalty"),
        FusionPolicy(table=other_table()),
    ],
    ids=lambda policy: policy.outcome,
)
def test_sums_of_another_policy_are_not_used(ledger: FakeLedger, policy: FusionPolicy) -> None:
    found = latest_scores(ledger, policy, keep=True)
    assert not found.from_kept
    assert_same(found.frame, recomputed(ledger, policy))
    assert not latest_scores(ledger, FusionPolicy()).from_kept


def test_sums_that_were_kept_after_this_state_of_the_ledger_are_not_used(ledger: FakeLedger) -> None:
    earlier = FakeLedger(ledger.cache)
    earlier.events = ledger.events[:7]
    found = latest_scores(earlier, FusionPolicy())
    assert not found.from_kept
    assert_same(found.frame, recomputed(earlier, FusionPolicy()))


def test_a_file_torn_at_any_length_is_as_good_as_none(ledger: FakeLedger) -> None:
    path = ledger.cache / kept_scores.FILE_NAME
    whole = path.read_bytes()
    expected = recomputed(ledger, FusionPolicy())
    for length in sorted({*range(0, 80), *range(80, len(whole), 97), len(whole) - 1}):
        path.write_bytes(whole[:length])
        found = latest_scores(ledger, FusionPolicy())
        assert not found.from_kept
        assert_same(found.frame, expected)


@quick
@given(st.data())
def test_a_file_of_which_any_bit_is_wrong_is_as_good_as_none(data: st.DataObject) -> None:
    with empty_ledger() as ledger:
        ledger.append(*[event(i, consumer=f"c{i % 3}", with_brands="x") for i in range(6)])
        latest_scores(ledger, FusionPolicy(), keep=True)
        path = ledger.cache / kept_scores.FILE_NAME
        content = bytearray(path.read_bytes())
        position, bit = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(0, 7))
        content[position] ^= 1 << bit
        path.write_bytes(bytes(content))
        found = latest_scores(ledger, FusionPolicy())
        assert not found.from_kept
        assert_same(found.frame, recomputed(ledger, FusionPolicy()))


def test_a_cache_that_cannot_be_written_only_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    ledger = FakeLedger(tmp_path / "cache")
    ledger.append(event(1))
    found = latest_scores(ledger, FusionPolicy(), keep=True)
    assert (found.from_kept, found.is_kept) == (False, False)
    assert_same(found.frame, recomputed(ledger, FusionPolicy()))


def test_a_ledger_without_interactions_has_no_scores_and_keeps_nothing(tmp_path: Path) -> None:
    ledger = FakeLedger(tmp_path / "cache")
    found = latest_scores(ledger, FusionPolicy(), keep=True)
    assert found.frame.empty
    assert found.frame.attrs["as_of"] is None
    assert content_of(ledger) is None


def test_what_was_read_can_be_calculated_after_the_snapshot(ledger: FakeLedger) -> None:
    inputs = kept_scores.read(ledger, FusionPolicy())
    expected = recomputed(ledger, FusionPolicy())
    ledger.events.clear()
    assert_same(kept_scores.calculate(inputs).frame, expected)


def save_often(folder: str, points: float, times: int) -> None:
    """Save the sums of two events *times* times, as one of several processes."""
    for _ in range(times):
        ledger = FakeLedger(Path(folder))
        ledger.append(event(1, points=points), event(2, consumer="c" * int(points)))
        inputs = kept_scores.read(ledger, FusionPolicy(), keep=True)
        anew = replace(inputs, sums=None, interactions=ledger.table(ledger.events))
        assert kept_scores.calculate(anew).is_kept


def test_of_two_processes_that_save_at_once_the_last_one_wins_whole(tmp_path: Path) -> None:
    spawned = multiprocessing.get_context("spawn")
    processes = [spawned.Process(target=save_often, args=(str(tmp_path), points, 40)) for points in (3.0, 200.0)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert [path.name for path in tmp_path.iterdir()] == [kept_scores.FILE_NAME]
    used = []
    for points in (3.0, 200.0):
        ledger = FakeLedger(tmp_path)
        ledger.append(event(1, points=points), event(2, consumer="c" * int(points)))
        found = latest_scores(ledger, FusionPolicy())
        assert_same(found.frame, recomputed(ledger, FusionPolicy()))
        used.append(found.from_kept)
    assert sorted(used) == [False, True]
