"""What a file is, what its columns would become, and what keeps it from being ingested; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from influence_graph.errors import InputError, UnreadableFile
from influence_graph.ingest.guessing.asking import KIND, PRESET, REPEATS, SKIP, TIMEZONE, Choice, Question, answered
from influence_graph.ingest.guessing.fits import type_of
from influence_graph.ingest.guessing.guess import Guess, guess, guess_by
from influence_graph.ingest.guessing.sample import WIDE, Sample, read_sample
from influence_graph.ingest.guessing.spelled import notation_words, quoted, spelled
from influence_graph.ingest.header import field_name
from influence_graph.ingest.mapping.file import dump_mapping
from influence_graph.ingest.mapping.mapping import Mapping
from influence_graph.ingest.mapping.rules import Changes
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.presets.recognize import recognized
from influence_graph.ingest.readers.encodings import MIXED, UTF8
from influence_graph.ingest.readers.open import Reader, open_reader
from influence_graph.ingest.readers.stream import guess_encoding
from influence_graph.ingest.source import open_source
from influence_graph.ingest.values.notation import PLAIN
from influence_graph.model.records import KINDS, Reject, record_kind
from influence_graph.model.toml_file import toml_text
from influence_graph.text import one_line, path_text

ROWS = 1_000
"""Rows that are looked at, unless a caller chooses."""
_EXAMPLES = 3
_SHOWN_REJECTS = 10
_FORMATS = {"CsvFile": "CSV", "JsonLinesFile": "JSON Lines", "ParquetFile": "Parquet"}
_NETWORKS = (".graphml", ".gexf", ".gml", ".net", ".paj", ".mtx", ".edges", ".edgelist", ".adjlist")
_BINARY = (".parquet", ".xlsx", ".xlsm")
_MARKED = ("utf-16", "utf-32")  # their byte order mark says so
_NO_OPTION = (SKIP, REPEATS)  # questions that no option answers
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "|", " ": "space"}


@dataclass(frozen=True, kw_only=True)
class ColumnView:
    """One column of the file.

    Attributes:
        name: As written.
        type: What its values look like: ``id``, ``email``, ``number``, ``time``, ``choice``, ``text`` or ``empty``.
        empty: Rows without a value.
        examples: Its first different values.
        becomes: The fields made of it, each with how its values are read; empty where it is not used.
    """

    name: str
    type: str
    empty: int
    examples: tuple[str, ...]
    becomes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What is known about one file.

    Attributes:
        file: The file.
        size: Its bytes on disk.
        format: CSV, JSON Lines, Parquet or workbook.
        layout: How it is laid out, in words, by name.
        rows: Rows that were looked at.
        whole: Whether these are all rows.
        columns: Its columns; of a very wide table the first ``WIDE``, and those that are used.
        preset: Name of the preset that fits, or "".
        guess: What it would become.
        accepted: Of the rows looked at, those that would be stored.
        rejects: The first that would not, and the first values that would be left out.
        rejected: How many rows would not be stored.
        left_out: How many values would be left out of rows that would be.
        same_but_case: Ids of people that differ from another one in case only: they would be different people.
        more_columns: How many columns more there are, which are not used.
    """

    file: str
    size: int
    format: str
    layout: Map[str, str]
    rows: int
    whole: bool
    columns: tuple[ColumnView, ...]
    preset: str
    guess: Guess
    accepted: int = 0
    rejects: tuple[Reject, ...] = ()
    rejected: int = 0
    left_out: int = 0
    same_but_case: int = 0
    more_columns: int = 0

    @property
    def mapping(self) -> Mapping | None:
        """What the file would become, without what is still to be asked."""
        return self.guess.mapping

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the user must say."""
        return self.guess.questions

    @property
    def without_column(self) -> dict[str, str]:
        """What fields are made of that no column gives, by field."""
        rules = self.mapping.fields.items() if self.mapping else ()
        return {name: rule.constant or "a digest of the row" for name, rule in rules if not rule.columns}

    def to_dict(self) -> dict[str, Any]:
        """Return the inspection as plain values, for JSON."""
        plain = asdict(replace(self, guess=Guess(mapping=None)))
        del plain["guess"]
        mapping = None if self.mapping is None else _plain(asdict(self.mapping))
        questions = [_plain(asdict(question)) for question in self.questions]
        told = {"mapping": mapping, "confidence": dict(self.guess.confidence), "questions": questions}
        return {**plain, **told, "reason": self.guess.reason, "next": next_command(self)}


def inspect(path: Path, options: ReadOptions | None = None, rows: int = ROWS) -> Inspection:
    """Look at the first *rows* rows of *path* and say what they would become.

    Args:
        path: A table: CSV, JSON, Parquet or a workbook, packed or not.
        options: What is known: kind, layout, zone, a mapping, or single fields.
        rows: How many rows to look at, 1 or more.

    Raises:
        UnreadableFile: the file cannot be read as a table, or is a network.
        InputError: an option is out of its limits.
    """
    if rows < 1:
        raise InputError(f"rows is {rows}", remedy="use 1 or more")
    if is_network(path):
        raise UnreadableFile(f"{path} is a network, not a table", remedy=f"influence-graph import edges {path}")
    options = with_encoding(path, options or ReadOptions())
    presets = presets_for(path, options)
    options = replace(options, mapping=presets[0]) if presets else options
    reader = open_reader(path, options)
    sample = read_sample(reader, rows)
    found = _which(presets) if len(presets) > 1 else propose(path, sample, options)
    shown = _shown(sample, found.mapping)
    seen = Inspection(
        file=path_text(path),
        size=reader.size,
        format=_FORMATS.get(type(reader).__name__, type(reader).__name__.removesuffix("File")),
        layout=_layout(reader, options),
        rows=sample.rows,
        whole=sample.whole,
        columns=tuple(_view(name, sample, found.mapping) for name in shown),
        more_columns=len(sample.names) - len(shown),
        preset=presets[0].name if len(presets) == 1 else "",
        guess=found,
    )
    return seen if found.mapping is None else _tried(seen, path, options, rows)


def is_network(path: Path) -> bool:
    """Return whether *path* is called like a file that holds a network in a format of its own."""
    return any(suffix.lower() in _NETWORKS for suffix in path.suffixes[-2:])


def fits(path: Path, options: ReadOptions) -> bool:
    """Return whether *path* is read with these *options* as it is: its columns are the fields of some kind.

    Raises:
        UnreadableFile: the file cannot be read as a table.
    """
    options = with_encoding(path, options)
    try:
        given = {*map(field_name, open_reader(path, options).names), *options.changes.fields}
    except UnreadableFile:
        if recognized(path, options):
            return False
        raise
    kinds = KINDS.values() if options.kind is None else [record_kind(options.kind)]
    return options.layout.encoding == "" and any(given.issuperset(kind.required) for kind in kinds)


def with_encoding(path: Path, options: ReadOptions) -> ReadOptions:
    """Return *options* with the encoding of the bytes of *path*, where none is stated and it is not UTF-8."""
    stated = options.layout.encoding or (options.mapping.layout.encoding if options.mapping else "")
    found = "" if stated or path.suffix.lower() in _BINARY else guess_encoding(path)
    if not found or found in (UTF8, MIXED, *_MARKED):
        return options
    return replace(options, layout=replace(options.layout, encoding=found))


def presets_for(path: Path, options: ReadOptions) -> list[Mapping]:
    """Return the mapping that *options* state, or the presets that fit *path* best: several where they fit alike."""
    if options.mapping is not None:
        return [options.mapping]
    kind = "" if options.kind is None else record_kind(options.kind).name
    fitting = [each for each in recognized(path, options) if kind in ("", each.kind)]
    return [each for each in fitting if len(each.header) == len(fitting[0].header)]


def propose(path: Path, sample: Sample, options: ReadOptions) -> Guess:
    """Return what the table of *sample* would become: by the mapping in *options*, or by a guess.

    What else *options* state comes first.
    """
    kind = "" if options.kind is None else record_kind(options.kind).name
    stated = options.changes.rules(sample.names, str(path))
    if options.mapping is not None:
        found = guess_by(options.mapping.among(sample.names), sample, stated)
    else:
        found = guess(sample, kind, stated)
    if found.mapping is None:
        return found
    mapping = replace(
        found.mapping,
        layout=options.layout.completed(found.mapping.layout),
        timezone=options.timezone or found.mapping.timezone,
    )
    questions = tuple(each for each in found.questions if each.about != TIMEZONE or not mapping.timezone)
    return replace(found, mapping=mapping, questions=questions)


def _which(presets: list[Mapping]) -> Guess:
    """Return that the file can be for several *presets*."""
    names = [each.name for each in presets]
    choices = tuple(Choice(label=f"{each.name}: {each.about}", value=each.name) for each in presets)
    remedy = " or ".join(f"--preset {name}" for name in names)
    return Guess(
        mapping=None, questions=(Question(about=PRESET, text="Which file is it?", choices=choices, remedy=remedy),)
    )


def _tried(seen: Inspection, path: Path, options: ReadOptions, rows: int) -> Inspection:
    """Return *seen* with what becomes of the rows, where what is asked is answered for the time being."""
    mapping = assumed(seen.guess)
    rejects: list[Reject] = []
    source = open_source(path, replace(options, mapping=mapping, changes=Changes(), kind=None, batch_rows=rows))
    empty = source.kind.schema.empty_table()
    accepted = pa.concat_tables([empty, *(batch.table for batch in source.first(rows, rejects.append))])
    people = _people(accepted)
    return replace(
        seen,
        accepted=accepted.num_rows,
        rejects=tuple(rejects[:_SHOWN_REJECTS]),
        rejected=sum(not reject.value_only for reject in rejects),
        left_out=sum(reject.value_only for reject in rejects),
        same_but_case=len(set(people)) - len({one.casefold() for one in people}),
    )


def assumed(found: Guess) -> Mapping:
    """Return the mapping of *found* with the first answer to each question, for a trial."""
    mapping = found.mapping
    if mapping is None:
        raise ValueError("there is no mapping to assume answers for")
    for question in found.questions:
        if question.about not in (KIND, SKIP, REPEATS):
            free = "UTC" if question.about == TIMEZONE else question.about
            mapping = answered(mapping, question, free if question.free else question.choices[0])
    return mapping


def next_command(seen: Inspection, saved: Path | None = None) -> str:
    """Return the command that ingests the file of *seen*, with what is to be stated in its place.

    Args:
        seen: The inspection.
        saved: File to which the mapping was written.
    """
    mapping, file = seen.mapping, quoted(seen.file)
    if mapping is None:
        return " or ".join(f"influence-graph inspect {file} {question.remedy}" for question in seen.questions[:1])
    to_state = [_to_state(question) for question in seen.questions if question.about not in _NO_OPTION]
    if saved is not None:
        options = [f"--mapping {quoted(str(saved))}"]
    elif seen.preset:
        options = [f"--preset {seen.preset}"]
    elif seen.guess.native and plain(mapping):
        options = []
    else:
        asked = {question.about for question in seen.questions}
        left = replace(mapping, fields={name: rule for name, rule in mapping.fields.items() if name not in asked})
        words = spelled(left)
        if words is None:
            return f"influence-graph inspect {file} -o {quoted(f'{Path(seen.file).stem}.toml')}"
        options = words
    return " ".join(("influence-graph ingest", file, *options, *to_state))


def _to_state(question: Question) -> str:
    """Return the option that answers *question*, with a gap that nobody takes for an answer."""
    if question.about == TIMEZONE:
        return "--timezone ZONE"
    return f"--set {question.about}={question.about.upper()}" if question.free else f"--map {question.about}=…"


def saved_mapping(seen: Inspection) -> str:
    """Return the mapping of *seen* as a TOML file to edit, with comments on what is open and on unused columns.

    Raises:
        InputError: there is no mapping.
    """
    mapping = seen.mapping
    if mapping is None:
        raise InputError(f"{seen.file} has no mapping: {seen.guess.reason}", remedy="name the kind with --as")
    asked = {question.about: question for question in seen.questions}
    fields = {name: rule for name, rule in mapping.fields.items() if name not in asked}
    top = [f"What the columns of {Path(seen.file).name} become: influence-graph ingest FILE --mapping THIS"]
    top += [one_line(f"To be stated: {question.text} {question.remedy}") for question in seen.questions]
    unused = [column for column in seen.columns if not column.becomes]
    top += ["Columns that are not used, with examples:"] if unused else []
    top += [one_line(f"  {toml_text(column.name)}: {', '.join(column.examples)}", 120) for column in unused]
    ask = {**mapping.ask, **{name: question.text for name, question in asked.items() if name in mapping.fields}}
    return dump_mapping(replace(mapping, fields=fields, ask=ask), {"": "\n".join(top)})


def plain(mapping: Mapping) -> bool:
    """Return whether a record file is read as *mapping* says without it: each field from the column of its name."""
    return not mapping.timezone and all(
        rule.notation == PLAIN and [field_name(column) for column in rule.columns] == [name]
        for name, rule in mapping.fields.items()
    )


def _shown(sample: Sample, mapping: Mapping | None) -> list[str]:
    """Return the columns of *sample* to show: the first ones, and those that *mapping* uses."""
    rules = () if mapping is None else mapping.fields.values()
    used = {*map(field_name, mapping.skip if mapping else ()), *(field_name(c) for rule in rules for c in rule.columns)}
    return [name for at, name in enumerate(sample.names) if at < WIDE or field_name(name) in used]


def _view(name: str, sample: Sample, mapping: Mapping | None) -> ColumnView:
    texts = sample.texts(name)
    return ColumnView(
        name=name,
        type=type_of(texts),
        empty=sample.rows - len(texts),
        examples=tuple(dict.fromkeys(texts))[:_EXAMPLES],
        becomes=() if mapping is None else tuple(_becomes(mapping, name)),
    )


def _becomes(mapping: Mapping, column: str) -> Iterator[str]:
    """Yield the fields that are made of *column*, each with its notation."""
    for name, rule in mapping.fields.items():
        if field_name(column) in map(field_name, rule.columns):
            words = [*notation_words(rule.notation)]
            words += [", ".join(f"{text} is {value}" for text, value in rule.notation.values.items())]
            yield ": ".join(filter(None, (name, ", ".join(filter(None, words)))))
    for skipped, values in mapping.skip.items():
        if field_name(column) == field_name(skipped):
            yield f"left out where it is {', '.join(value or 'empty' for value in values)}"


def _layout(reader: Reader, options: ReadOptions) -> dict[str, str]:
    """Return how the file is laid out, in words, by name."""
    delimiter = getattr(reader, "delimiter", "")
    encoding = options.layout.encoding or getattr(reader, "encoding", "")
    pairs = {
        "encoding": encoding,
        "delimiter": _DELIMITERS.get(delimiter, delimiter),
        "header": "no" if options.layout.header is False else "",
        "records": options.layout.records,
        "sheet": options.layout.sheet,
    }
    return {name: value for name, value in pairs.items() if value}


def _people(accepted: pa.Table) -> list[str]:
    """Return the different ids of people in validated records."""
    name = next((name for name in ("consumer", "id", "source") if name in accepted.column_names), "")
    return [] if not name else pc.unique(accepted[name]).drop_null().to_pylist()


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return *value* without what is not stated."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if one not in (None, "", (), {}, False)}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
