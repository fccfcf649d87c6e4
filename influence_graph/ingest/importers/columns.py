"""Functions on columns and batches that the importers share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from influence_graph.errors import UnreadableFile
from influence_graph.ingest.batching import Lines, Value, make_batch
from influence_graph.model.records import BRANDS, PEOPLE, TIES, Batch

Array: TypeAlias = "np.ndarray[Any, Any]"


def read_delimited(
    path: Path, types: Mapping[str, pa.DataType], *, delimiter: str = ",", quoted: bool = True
) -> pa.Table:
    """Return the columns *types* of a delimited text file with a header, in the file's order.

    Raises:
        UnreadableFile: a column is missing or a value is not of its type.
    """
    names = list(types)
    try:
        return pv.read_csv(
            path,
            parse_options=pv.ParseOptions(delimiter=delimiter, quote_char='"' if quoted else False),
            convert_options=pv.ConvertOptions(
                column_types=dict(types), include_columns=names, strings_can_be_null=False, null_values=[]
            ),
        ).combine_chunks()
    except KeyError as error:
        missing = next((name for name in names if repr(name) in str(error)), "a column")
        raise UnreadableFile(
            f"{path}: {missing} is missing", remedy=f"the header must have {', '.join(names)}"
        ) from error
    except (pa.ArrowInvalid, OSError) as error:
        raise UnreadableFile(f"{path}: {error}", remedy="give the file as it was published") from error


def constant(value: str, size: int) -> pa.Array:
    """Return *value* for each of *size* rows."""
    return pa.repeat(pa.scalar(value), size)


def lines_of(table: pa.Table, first: int = 2) -> Array:
    """Return the lines of consecutive rows, the first of which is in line *first*."""
    return np.arange(first, first + table.num_rows)


def prefixed(ids: pa.Array, prefix: str) -> pa.Array:
    """Return *ids* as strings, each after *prefix*."""
    text = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    text = text if text.type == pa.string() else text.cast(pa.string())
    return pc.binary_join_element_wise(prefix, text, "") if prefix else text


def joined(*parts: pa.Array | str, separator: str = ":") -> pa.Array:
    """Return one string per row: the parts (arrays or constants) joined by *separator*."""
    texts = [part if isinstance(part, str) else prefixed(part, "") for part in parts]
    return pc.binary_join_element_wise(*texts, separator)


def clean_text(values: pa.Array) -> pa.Array:
    """Return *values* as a text field requires: NFC, spaces trimmed, only printable characters, empty as null."""
    text = pc.utf8_normalize(prefixed(values, ""), "NFC")
    text = pc.replace_substring_regex(text, r"[\p{Z}\s]+", " ")
    text = pc.utf8_trim(pc.replace_substring_regex(text, r"\p{C}", ""), " ")
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def repeats(*keys: pa.Array) -> Array:
    """Return, per row, how many earlier rows have the same keys (0 for the first)."""
    frame = pd.DataFrame({str(i): pa.chunked_array([prefixed(key, "")]).to_pandas() for i, key in enumerate(keys)})
    return frame.groupby(list(frame.columns), sort=False).cumcount().to_numpy()


def distinct(*sources: tuple[pa.Array, Lines]) -> tuple[pa.Array, Array]:
    """Return the distinct ids of several columns in order of appearance, with the line of each."""
    ids = pd.Series(np.concatenate([prefixed(ids, "").to_numpy(zero_copy_only=False) for ids, _ in sources]))
    lines = np.concatenate([np.asarray(rows) for _, rows in sources])
    first = ~ids.duplicated().to_numpy()
    return pa.array(ids[first], pa.string()), lines[first]


def people_batch(ids: pa.Array, lines: Lines, file: Path) -> Batch:
    """Return consumers of whom only the id is known."""
    return make_batch(PEOPLE, {"id": ids, "kind": "consumer"}, lines, file)


def brands_batch(ids: pa.Array, lines: Lines, file: Path, **more: Value) -> Batch:
    """Return brands with the fields *more* (``name``, ``category``)."""
    return make_batch(BRANDS, {"id": ids, **more}, lines, file)


def friends_batch(left: pa.Array, right: pa.Array, lines: Array, file: Path) -> Batch:
    """Return friend ties: each pair once, the smaller id (by code point) first."""
    swap = pc.greater(left, right)
    pairs = pa.table({"source": pc.if_else(swap, right, left), "target": pc.if_else(swap, left, right)})
    first = repeats(pairs["source"], pairs["target"]) == 0
    kept = pairs.filter(pa.array(first))
    return make_batch(TIES, {"source": kept["source"], "target": kept["target"], "kind": "friend"}, lines[first], file)
