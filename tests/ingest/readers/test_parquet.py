from __future__ import annotations

import gzip

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.source import ReadOptions, open_source


def read(path, **options):
    rejects = []
    source = open_source(path, ReadOptions(**options))
    return pa.concat_tables([batch.table for batch in source.batches(rejects.append)]), rejects


def test_what_pandas_writes(tmp_path):
    frame = pd.DataFrame(
        {
            "event_id": [1, 2],
            "at": pd.to_datetime(["2024-01-01", "2024-01-02"]).tz_localize("Europe/Berlin"),
            "consumer": pd.Categorical(["ann", "june"]),
            "brand": ["b", "b"],
            "points": [1.0, None],
            "reach": [10, 20],
        }
    )
    frame.to_parquet(tmp_path / "i.parquet")
    table, rejects = read(tmp_path / "i.parquet")
    assert table.column("event_id").to_pylist() == ["1", "2"]
    assert table.column("consumer").to_pylist() == ["ann", "june"]
    assert table.column("points").to_pylist() == [1.0, None]
    assert table.column("at").to_pylist()[0].isoformat() == "2023-12-31T23:00:00+00:00"
    assert not rejects


def test_gzipped_as_a_whole(tmp_path):
    pq.write_table(pa.table({"source": ["a"], "target": ["b"]}), tmp_path / "t.parquet")
    (tmp_path / "t.parquet.gz").write_bytes(gzip.compress((tmp_path / "t.parquet").read_bytes()))
    assert read(tmp_path / "t.parquet.gz")[0].num_rows == 1


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "zstd"])
def test_rows_are_numbered_across_row_groups_and_batches(tmp_path, codec):
    ids = [f"x{i}" for i in range(1000)]
    table = pa.table({"source": ids, "target": np.where(np.arange(1000) % 100 == 7, ids, "y")})
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=300, compression=codec)
    good, rejects = read(tmp_path / "t.parquet", batch_rows=128)
    assert [reject.line for reject in rejects] == list(range(8, 1001, 100))
    assert good.num_rows == 990


def test_damaged_page_is_refused_and_says_so(tmp_path):
    path = tmp_path / "t.parquet"
    ids = [f"{i * 2654435761 % 2**32:x}" for i in range(5000)]
    pq.write_table(pa.table({"source": ids, "target": ids[::-1]}), path, compression="zstd", use_dictionary=False)
    content = bytearray(path.read_bytes())
    content[2000:2400] = bytes(400)
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="not a complete Parquet file"):
        read(path)


def test_a_file_with_any_one_byte_changed_is_read_or_refused(tmp_path):
    path = tmp_path / "people.parquet"
    pq.write_table(pa.table({"id": ["ann", "bob", "ann"]}), path, compression="none", write_statistics=False)
    whole, seen = path.read_bytes(), set()
    for place in range(len(whole)):
        for flipped in (0x04, 0xFF):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ flipped]) + whole[place + 1 :])
            try:
                list(open_source(path, ReadOptions()).batches(lambda _: None))
                seen.add("read")
            except InputError as error:
                seen.add("dictionary" if "dictionary" in str(error) else "refused")
    assert seen == {"read", "refused", "dictionary"}
