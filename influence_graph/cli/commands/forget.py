"""``forget``: people, sources and old records out of a store, for good."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd

from influence_graph.app.forget.forget import Forgotten
from influence_graph.app.forget.forget import forget as forget_from
from influence_graph.cli.configured import configuration
from influence_graph.cli.options import FILE, DurationType, format_option, parameter, store_option, top_option
from influence_graph.cli.output import emit, note
from influence_graph.cli.shell.history import history_file, named_in_history
from influence_graph.cli.stopping import if_stopped
from influence_graph.cli.texts import TextType
from influence_graph.model.erasure import Redaction
from influence_graph.model.parameters import ForgetParameters
from influence_graph.schedule.inbox_search import look_through
from influence_graph.stores.base import Store
from influence_graph.text import count_text, path_text

_REJECTS = Path("rejects.jsonl")
_SHOWN = 20  # paths in a line
_NOUNS = {
    "people": ("person", "people"),
    "brands": ("brand",),
    "ties": ("tie",),
    "interactions": ("interaction",),
    "campaigns": ("campaign",),
    "sales": ("sale",),
}
_ELSEWHERE = "not looked at: ingested files, exports and pages made before, backups, and what your shell keeps"
_OF_FOLDER = "the file was written anew; the blocks of the old one are free, and the disk's to overwrite"
_OF_SERVER = (
    "the server keeps what it deleted in its transaction logs, and in free places of its files, until it overwrites"
    " them: see docs/how-to/privacy.md"
)
_CUT_OFF = "a folder is as it was, or all is gone; of a server part may be gone: run the same again, which completes it"


class AgeType(DurationType):
    """A length of time, also in years of 365.25 days: ``3y``."""

    name = "age"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        """Return *value* as a time span of more than 0."""
        text = str(value).strip()
        if text.endswith("y") and text[:-1].replace(".", "", 1).isdigit():
            text = f"{float(text[:-1]) * 365.25}d"
        span = super().convert(text, param, ctx)
        if not span:
            self.fail("an age of 0 would erase all that has happened; write for example 3y or 400d", param, ctx)
        return span


@click.command(
    epilog="Examples: influence-graph forget annie --dry-run; influence-graph forget --ids leavers.txt --yes;"
    " influence-graph forget --older-than 3y --yes"
)
@click.argument("people", nargs=-1, type=TextType(), metavar="ID...")
@click.option("--ids", type=click.File(encoding="utf-8"), help="More ids, one a line; `-` for standard input.")
@parameter(ForgetParameters, "source", metavar="FILE", help="Take out what only this file, or source #N, has brought.")
@parameter(ForgetParameters, "older_than", type=AgeType(), metavar="AGE", help="Erase what happened longer ago, as 3y.")
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help="File of rejected rows, or folder of such, to be cleared. Repeatable.  [default: rejects.jsonl, if there]",
)
@click.option("--history", is_flag=True, help="Take what was typed about them from the history of `shell`, too.")
@click.option("--key-file", type=FILE, help="File of the key.  [env: INFLUENCE_GRAPH_KEY_FILE]")
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask: what is erased cannot be brought back.")
@top_option
@store_option
@format_option
def forget(
    people: tuple[str, ...],
    ids: Any,  # noqa: ANN401 - an open file
    store: Store,
    rejects: tuple[Path, ...],
    history: bool,
    key_file: Path | None,
    dry_run: bool,
    yes: bool,
    top: int | None,
    format_: str | None,
    **options: Any,
) -> None:
    """Erase people, what a source has brought, or what is too old, and calculate current results again.

    A person goes from records, results of all runs, their parameters, recalculations, alerts, caches and mirrors, and
    stays out when a file brings them again: a keyed hash tells. The rows are the scores that have changed.
    """
    listed = () if ids is None else tuple(filter(None, map(str.strip, ids)))
    found = rejects or ((_REJECTS,) if _REJECTS.is_file() else ())
    parameters = ForgetParameters(people=(*people, *listed), rejects=found, **options)
    if not (dry_run or yes):
        _ask(parameters)
    if not dry_run:
        if_stopped(_CUT_OFF)
    forgotten = forget_from(store, parameters, key_file=key_file, dry_run=dry_run, notify=note)
    if dry_run or forgotten.changes is None:
        emit(_counts(forgotten), format_, top=0)
    else:
        emit(forgotten.changes, format_, top=top, names=store)
    _say(forgotten, store, dry_run=dry_run)
    if parameters.people:
        _say_history(forgotten.redaction, clear=history and not dry_run)
        _say_inbox(forgotten.redaction)


def _ask(parameters: ForgetParameters) -> None:
    """Ask whether that is meant.

    Raises:
        UsageError: nobody can answer.
    """
    if not sys.stdin.isatty():
        raise click.UsageError("what is erased cannot be brought back: add --yes, or look first with --dry-run")
    whom = [count_text(len(parameters.people), "person", "people")] if parameters.people else []
    whom += [f"what only {parameters.source} has brought"] if parameters.source else []
    whom += ["what is too old"] if parameters.older_than else []
    click.confirm(f"Erase {', '.join(whom)} for good?", abort=True, err=True)


def _counts(forgotten: Forgotten) -> pd.DataFrame:
    """Return what went, or would go, a row for each kind of record and result."""
    erased = forgotten.erased
    rows = [("records", kind, number, forgotten.remaining.get(kind)) for kind, number in erased.records.items()]
    rows += [("results", kind, number, None) for kind, number in erased.results.items()]
    rows += [("runs", "asked about them alone", erased.runs, None), ("notes", "that named them", erased.notes, None)]
    frame = pd.DataFrame(rows, columns=["of", "kind", "erased", "remaining"])
    frame["remaining"] = frame["remaining"].astype("Int64")
    return frame[frame["erased"] > 0]


def _say(forgotten: Forgotten, store: Store, *, dry_run: bool) -> None:
    erased, would = forgotten.erased, "would go" if dry_run else "went"
    records = [count_text(number, *_NOUNS[kind]) for kind, number in erased.records.items() if number]
    note(f"{', '.join(records) or 'no record'} {would}; {count_text(sum(erased.results.values()), 'row')} of results")
    if erased.runs or erased.notes:
        went = count_text(erased.runs, "run") + f" asked about nobody else {would}"
        note(f"{went}; {count_text(erased.notes, 'note')} of runs, recalculations and states rewritten")
    if forgotten.shared:
        stay = "stays" if forgotten.shared == 1 else "stay"
        note(f"{count_text(forgotten.shared, 'record')} that another source gave, too, {stay}")
    remain = ", ".join(count_text(number, *_NOUNS[kind]) for kind, number in forgotten.remaining.items() if number)
    note(f"{remain or 'nothing'} {'would remain' if dry_run else 'remain'} in {store.url}")
    if forgotten.silent:
        note(f"{count_text(forgotten.silent, 'person remains', 'people remain')} without a tie or an interaction")
    for path, lines in forgotten.rejects.items():
        note(f"looked at {path}: {count_text(lines, 'line')} {would}")
    if forgotten.mentions:
        texts = count_text(forgotten.mentions, "text")
        note(f"{texts} of others (ids of events, notes of campaigns) hold an id or a name")
    if forgotten.changes is not None:
        kinds = forgotten.changes["result"].value_counts()
        told = ", ".join(f"{count_text(number, 'value')} of {kind}" for kind, number in kinds.items())
        note(f"changed: {told or 'nothing'}")
    if erased.records.get("people") and not dry_run:
        note(_ELSEWHERE)
        note(_OF_SERVER if "://" in store.url else _OF_FOLDER)


def _say_inbox(redaction: Redaction) -> None:
    """Say which files of the inbox of the configuration name somebody: they stay, and may come in again elsewhere."""
    inbox = configuration().values.inbox
    if inbox is None:
        return
    found = look_through(inbox.folder, redaction)
    if found.naming:
        holds = "file in the inbox holds" if len(found.naming) == 1 else "files in the inbox hold"
        note(f"{len(found.naming):,} {holds} an id or a name; delete there what is to go: {_listed(found.naming)}")
    if found.unread:
        files = "file in the inbox, which is" if len(found.unread) == 1 else "files in the inbox, which are"
        note(f"not looked through: {len(found.unread):,} {files} packed or no UTF-8: {_listed(found.unread)}")


def _listed(paths: Sequence[Path]) -> str:
    more = f" and {len(paths) - _SHOWN:,} more" if len(paths) > _SHOWN else ""
    return f"{', '.join(map(path_text, paths[:_SHOWN]))}{more}"


def _say_history(redaction: Redaction, *, clear: bool) -> None:
    """Say how much of what was typed in the shell names somebody."""
    try:
        named = named_in_history(redaction, clear=clear)
    except OSError as error:
        note(f"{history_file()} was not looked at: {error.strerror}")
        return
    if named:
        went = "went" if clear else "stay; --history takes them out"
        note(f"{count_text(named, 'statement')} in the history of the shell ({history_file()}) name them: they {went}")
