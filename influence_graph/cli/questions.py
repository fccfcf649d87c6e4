"""Questions on a terminal about a file that does not say all that is needed; the answers can be repeated as options."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click

from influence_graph.app.inspect import Inspection, fits, inspect, next_command, saved_mapping
from influence_graph.cli.output import note
from influence_graph.errors import InfluenceGraphError, InputError, UnreadableFile
from influence_graph.files import write_whole
from influence_graph.ingest.guessing.asking import KIND, PRESET, REPEATS, SKIP, TIMEZONE, Choice, Question, answered
from influence_graph.ingest.mapping.mapping import Mapping
from influence_graph.ingest.mapping.rules import Changes
from influence_graph.ingest.options import ReadOptions
from influence_graph.ingest.presets import preset
from influence_graph.model.times import zone_named

Options = TypeVar("Options", bound=ReadOptions)


def on_terminal() -> bool:
    """Return whether somebody is there to answer: standard input and error are a terminal, and no CI runs this."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not os.environ.get("CI")


def with_answers(files: Sequence[Path], settings: Options) -> Options:
    """Return *settings* with a mapping of a single file that fits no kind of record, if somebody can be asked."""
    single = files[0] if len(files) == 1 else None
    if single is None or settings.mapping is not None or not on_terminal() or fits(single, settings):
        return settings
    return replace(settings, mapping=ask_about(single, settings), kind=None, timezone=None, changes=Changes())


def ask_about(path: Path, options: ReadOptions) -> Mapping:
    """Return the mapping of *path*, once the user has agreed to it and answered what it leaves open.

    The command that does the same without questions is told.

    Raises:
        UnreadableFile: it cannot be told what the file is.
        InputError: the user does not want the proposal.
        click.Abort: the user gives up.
    """
    seen = inspect(path, options)
    if [question.about for question in seen.questions] in ([KIND], [PRESET]):
        seen = inspect(path, _chosen(options, seen.questions[0]))
    if seen.mapping is None:
        raise cannot_tell(seen)
    if not click.confirm(f"{path} looks like {described(seen)}. Use it?", default=True, err=True):
        raise InputError(f"{path} is not ingested", remedy=f"say what its columns are: influence-graph inspect {path}")
    mapping = seen.mapping
    for question in seen.questions:
        answer = _answer(question)
        if question.about == REPEATS and isinstance(answer, Choice) and answer.value == "no":
            raise InputError(f"{path} has several rows of one record", remedy=question.remedy)
        mapping = answered(mapping, question, answer)
    _tell_again(replace(seen, guess=replace(seen.guess, mapping=mapping, questions=())))
    return mapping


def _chosen(options: ReadOptions, question: Question) -> ReadOptions:
    """Return *options* with the kind or the preset that the user chooses."""
    answer = _answer(question)
    name = answer if isinstance(answer, str) else answer.value
    return replace(options, kind=name) if question.about == KIND else replace(options, mapping=preset(name))


def cannot_tell(seen: Inspection) -> UnreadableFile:
    """Return the error for a file of which it cannot be told what it is."""
    return UnreadableFile(
        f"{seen.file} matches no kind of record: {seen.guess.reason}",
        remedy="name the kind with --as and its columns with --map FIELD=COLUMN",
    )


def described(seen: Inspection) -> str:
    """Return what a file looks like, such as ``shopify-orders (purchase interactions)``."""
    mapping = seen.mapping
    if mapping is None:
        return "nothing known"
    what = mapping.fields["kind"].constant if "kind" in mapping.fields else None
    records = f"{what} {mapping.kind}" if what else mapping.kind
    fields = (f"{' + '.join(rule.columns)!r} is {name}" for name, rule in mapping.fields.items() if rule.columns)
    return f"{seen.preset} ({records})" if seen.preset else f"{records}, where {', '.join(fields)}"


def _answer(question: Question) -> Choice | str:
    """Ask *question* until the answer is one."""
    if question.about == SKIP:
        yes = click.confirm(question.text, default=True, err=True)
        return Choice(label="", value="yes" if yes else "no")
    click.echo(question.text, err=True)
    for number, choice in enumerate(question.choices, start=1):
        click.echo(f"  {number}  {choice.label}", err=True)
    default = (os.environ.get("INFLUENCE_GRAPH_TIMEZONE") or "UTC") if question.about == TIMEZONE else None
    words = " or ".join(filter(None, ("number" if question.choices else "", _word(question))))
    chosen: Choice | str = click.prompt(words, default=default, value_proc=_reader(question), err=True)
    return chosen


def _word(question: Question) -> str:
    """Return what to call a free answer; "" where there is none."""
    if not question.free:
        return ""
    return "IANA zone, such as Europe/Berlin" if question.about == TIMEZONE else question.about


def _reader(question: Question) -> Callable[[str], Choice | str]:
    def read(text: str) -> Choice | str:
        text = text.strip()
        by_word = {choice.value or choice.label: choice for choice in question.choices}
        if text.isdigit() and 1 <= int(text) <= len(question.choices):
            return question.choices[int(text) - 1]
        if text in by_word:
            return by_word[text]
        if not question.free or not text:
            raise click.UsageError(f"{text!r} is no answer; type a number from 1 to {len(question.choices)}")
        if question.about == TIMEZONE:
            _check_zone(text)
        return text

    return read


def _check_zone(name: str) -> None:
    try:
        zone_named(name)
    except InfluenceGraphError as error:
        raise click.UsageError(str(error)) from error


def _tell_again(seen: Inspection) -> None:
    """Tell the command that needs no answers; keep them in a file where options cannot say them."""
    command = next_command(seen)
    if not command.startswith("influence-graph ingest"):
        path = Path(f"{Path(seen.file).stem}.toml")
        if path.exists() or not click.confirm(f"Keep these answers in {path}?", default=True, err=True):
            return
        write_whole(path, saved_mapping(seen))
        command = next_command(seen, path)
    note(f"the same without questions: {command}")
