"""Erasure: whom and what a store is to forget, what went, and how notes are cleared of ids and names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.model.json_values import json_text
from influence_graph.model.names import BRAND

FORGOTTEN = "(forgotten)"
"""What stands in a sentence in place of the id or name of somebody who was forgotten."""
PERSON_COLUMNS = ("consumer", "source", "target", "id")
"""Columns of results that name people; ``id`` does where ``label``, if there is one, does not say Brand."""
_NOBODY = {"brand", "brands", "with_brands", "rivals", "policy", "by", "graph", "model", "method", "item", "prior"}
_NOBODY |= {
    "outcome",
    "probabilities",
    "engine",
    "algorithm",
    "kind",
    "touchpoints",
    "version",
    "campaign",
    "target",
    "kinds",
}
"""Names of parameters, and of what states hold, whose values are no people."""
_SUBJECTS = ("subject", "message")
"""Names of objects that say whom the object around them is about."""
_SEPARATORS = re.compile(r"[|:/,;\s]+")


@dataclass(frozen=True, eq=False)
class Selection:
    """What is to be erased from a store.

    Attributes:
        people: Ids of people: they go with every record, result and note that names them.
        tombstones: Their keyed hashes, which stay, so that the door knows them; none: nothing stays.
        records: Further records by the name of their kind: a table of the columns of its key. People and brands among
            them that other records name stay without what was said of them.
        runs: Ids of runs that go with their results, current ones too.

    People and brands without a record of their own go with the last record that names them.
    """

    people: tuple[str, ...] = ()
    tombstones: tuple[str, ...] = ()
    records: Mapping[str, pa.Table] = field(default_factory=dict)
    runs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Erased:
    """What was erased, or would be.

    Attributes:
        records: Number of records by the name of their kind; people and brands that were only named are among them.
        results: Number of rows of results, current and former, by kind of result.
        runs: Number of runs that went: they were asked about nobody else, or selected.
        notes: Number of runs, recalculations and states that named somebody and were rewritten.
    """

    records: Mapping[str, int] = field(default_factory=dict)
    results: Mapping[str, int] = field(default_factory=dict)
    runs: int = 0
    notes: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether there was nothing to erase."""
        return not (any(self.records.values()) or any(self.results.values()) or self.runs or self.notes)


@dataclass(frozen=True, eq=False)
class Chosen:
    """The records that a selection means.

    Attributes:
        gone: Keys of those that go, by the name of every kind.
        bare: Keys of the people and brands that stay without what was said of them.
        names: Display names of the people of the selection.
    """

    gone: Mapping[str, pa.Table]
    bare: Mapping[str, pa.Table]
    names: tuple[str, ...] = ()


class Redaction:
    """Clears JSON values of the *ids* of people and of their *names*.

    An entry that is about one of them goes: the item, row or object that holds the id as a text, the entry of an object
    whose key names it, the object whose ``subject`` goes. In sentences :data:`FORGOTTEN` stands in their place. Ids of
    brands stay, and so do names of parameters and their choices, which may be words that are ids, too.
    """

    def __init__(self, ids: Collection[str], names: Collection[str] = ()) -> None:
        self._ids, self._names = frozenset(ids), frozenset(filter(None, names))
        self._is_emptied = False  # a list or object held nothing else

    def note(self, book: str, text: str) -> str | None:
        """Return what becomes of the JSON *text* in a *book*: ``runs``, ``recalculations`` or ``states``."""
        by_book = {"runs": self.parameters, "recalculations": self.recalculation}
        clear: Callable[[str], str | None] = by_book.get(book, self.state)
        return clear(text)

    def parameters(self, text: str) -> str | None:
        """Return the JSON parameters of a run without those who are forgotten, None where it asked of nobody else.

        That is where one of their lists or objects is empty then. Where nobody is named, *text* itself is returned.
        """
        self._is_emptied = False
        old = json.loads(text)
        new = {
            name: self._object(value, is_named=False) if name == "asked" else self._parameter(name, value)
            for name, value in old.items()
        }
        if new == old:
            return text
        return None if self._is_emptied else json_text(new, sort_keys=True)

    def recalculation(self, text: str) -> str:
        """Return the JSON document of a recalculation, in which only sentences may name somebody."""
        old = json.loads(text)
        steps = [{**step, "why": self.text(step.get("why", ""))} for step in old.get("steps", [])]
        return text if steps == old.get("steps", []) else json_text({**old, "steps": steps})

    def state(self, text: str) -> str | None:
        """Return the JSON value of a state without those who are forgotten, None where it is about one of them."""
        old = json.loads(text)
        new = self.value(old)
        return text if new == old else None if new is None else json_text(new)

    def value(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        """Return *value* without those who are forgotten, None where it is about one of them."""
        if isinstance(value, str):
            return None if value in self._ids else self.text(value)
        if isinstance(value, list | tuple):
            kept = [new for old in value if (new := self._item(old)) is not None or old is None]
            self._noted(value, kept)
            return kept
        if isinstance(value, Mapping):
            return self._object(value)
        return value

    def text(self, sentence: str) -> str:
        """Return *sentence* with :data:`FORGOTTEN` in place of ids and names that stand there as words."""
        return sentence if self._words is None else self._words.sub(FORGOTTEN, sentence)

    def is_named_in(self, text: str) -> bool:
        """Return whether an id or a name stands in *text* as a word, a number also where it may be a count."""
        return self._any is not None and self._any.search(text) is not None

    def _object(self, value: Mapping[str, Any], *, is_named: bool = True) -> dict[str, Any] | None:
        """Return *value* without those who are forgotten; *is_named*: its keys may be ids, else names of parameters."""
        kept: dict[str, Any] = {}
        for key, old in value.items():
            if is_named and self._is_key_of(key):
                continue
            new = self._parameter(key, old)
            if new is None and (isinstance(old, str) or (key in _SUBJECTS and old is not None)):
                return None
            if new is not None or old is None:
                kept[self.text(key) if is_named else key] = new
        self._noted(value, kept)
        return kept

    def _item(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        """Return the item *value* of a list; a row that holds one of the ids goes as a whole."""
        is_row = isinstance(value, list) and any(isinstance(each, str) and each in self._ids for each in value)
        return None if is_row else self.value(value)

    def _parameter(self, name: str, value: Any) -> Any:  # noqa: ANN401 - JSON
        return value if name in _NOBODY else self.value(value)

    def _noted(self, old: Collection[Any], new: Collection[Any]) -> None:
        self._is_emptied |= bool(old) and not new

    def _is_key_of(self, key: str) -> bool:
        return key in self._ids or not self._ids.isdisjoint(_SEPARATORS.split(key))

    @cached_property
    def _any(self) -> re.Pattern[str] | None:
        words = "|".join(map(re.escape, sorted(self._ids | self._names, key=len, reverse=True)))
        return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])") if words else None

    @cached_property
    def _words(self) -> re.Pattern[str] | None:
        """What finds an id or a name as a word; a number is one only in quotes or brackets, else it is a count."""
        texts = sorted((self._ids | self._names), key=len, reverse=True)
        words = "|".join(re.escape(text) for text in texts if not text.isdecimal())
        numbers = "|".join(text for text in texts if text.isdecimal())
        parts = [rf"(?<![\w-])(?:{words})(?![\w-])"] if words else []
        parts += [rf"(?<=['\"(])(?:{numbers})(?=['\")])"] if numbers else []
        return re.compile("|".join(parts)) if parts else None


def without_people(table: pa.Table, ids: Collection[str]) -> pa.Table:
    """Return the rows of a result that name none of the people *ids*."""
    wanted = pa.array(sorted(ids), pa.string())
    for name in PERSON_COLUMNS:
        if name not in table.column_names:
            continue
        named = pc.is_in(table[name].cast(pa.string()), value_set=wanted)
        if "label" in table.column_names:
            named = pc.and_(named, pc.not_equal(table["label"].cast(pa.string()), BRAND))
        table = table.filter(pc.invert(named))
    return table
