"""What becomes of records, rejects and errors where people are to stay unnamed."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import InfluenceGraphError, UnreadableFile
from influence_graph.ingest.pseudonyms import PersonKey
from influence_graph.ingest.rules import fill_defaults
from influence_graph.model.records import INTERACTIONS, PEOPLE, Batch, FieldType, Reject

WITHHELD = "…"
"""What stands in a message in place of a value of a file."""
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_TEXTS = (FieldType.TEXT, FieldType.ID)


def pseudonymized(batch: Batch, key: PersonKey, *, made_ids: bool = False) -> Batch:
    """Return *batch* with pseudonyms in place of the ids of people, and without their names.

    Args:
        batch: Validated records.
        key: What makes the pseudonyms.
        made_ids: The ids of events are digests of rows, which hold the ids of people: they become keyed hashes.
    """
    table = batch.table
    for name in batch.kind.people:
        table = _with(table, name, key.pseudonyms(table[name]))
    if batch.kind is PEOPLE:
        table = _with(table, "name", pa.nulls(table.num_rows, pa.string()))
    if made_ids and "event_id" in batch.kind.by_name:
        table = _with(table, "event_id", key.events(table["event_id"]))
    return replace(batch, table=fill_defaults(batch.kind, table))


def telling_events(batch: Batch) -> int:
    """Return how many interactions have an id that holds the id of their consumer as a word."""
    if batch.kind is not INTERACTIONS:
        return 0
    pairs = zip(batch.table["event_id"].to_pylist(), batch.table["consumer"].to_pylist(), strict=True)
    return sum(person in event and _is_word(person, event) for event, person in pairs)


def kept_texts(batch: Batch) -> set[str]:
    """Return the names of the fields in which *batch* has texts that stay as they are, whomever they name."""
    taken = {*batch.kind.people, "brand", "currency", *(("name", "id") if batch.kind.key == ("id",) else ())}
    names = (each.name for each in batch.kind.fields if each.type in _TEXTS and each.name not in taken)
    return {name for name in names if batch.table[name].null_count < batch.table.num_rows}


def naming(batch: Batch, key: PersonKey, tombstones: pa.Array) -> npt.NDArray[np.bool_]:
    """Return which records of *batch* name somebody who has one of the *tombstones*."""
    found = np.zeros(batch.table.num_rows, np.bool_)
    for name in batch.kind.people:
        found |= pc.is_in(key.tombstones(batch.table[name]), value_set=tombstones).to_numpy(zero_copy_only=False)
    return found


def discreet(reject: Reject) -> Reject:
    """Return *reject* without its value, and without what its reason and remedy quote: the line says which it is."""
    reason, remedy = (_QUOTED.sub(WITHHELD, text) for text in (reject.reason, reject.remedy))
    return replace(reject, value="", reason=reason, remedy=remedy)


def withheld(error: InfluenceGraphError) -> InfluenceGraphError:
    """Return *error*, of a file that cannot be read, without what it quotes of the file; others as they are."""
    if not isinstance(error, UnreadableFile):
        return error
    message = error.message
    if error.__cause__ is not None and not isinstance(error.__cause__, InfluenceGraphError):
        message = message.replace(str(error.__cause__), WITHHELD)
    return UnreadableFile(_QUOTED.sub(WITHHELD, message), remedy=_QUOTED.sub(WITHHELD, error.remedy))


def _is_word(word: str, text: str) -> bool:
    return re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", text) is not None


def _with(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), table.schema.field(name), column)
