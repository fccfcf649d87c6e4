"""``pseudonym``: by what name a store with pseudonyms has a person."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from influence_graph.app.door import known_key
from influence_graph.cli.options import store_option
from influence_graph.cli.privacy import key_file_option
from influence_graph.cli.texts import TextType
from influence_graph.model.ids import id_text
from influence_graph.stores.base import Store


@click.command(epilog="Example: influence-graph person $(influence-graph pseudonym annie)")
@click.argument("ids", type=TextType(), nargs=-1, required=True, metavar="ID...")
@key_file_option
@store_option
def pseudonym(ids: tuple[str, ...], key_file: Path | None, store: Store) -> None:
    """Print the pseudonym of each ID, a line each, as `ingest --pseudonymize` makes it; - is standard input.

    Other commands take pseudonyms as ids. There is no way back but to ask for the pseudonyms of all ids that it may be.
    """
    key = known_key(store, key_file)
    given: Sequence[str] = sys.stdin.read().splitlines() if ids == ("-",) else ids
    for person in given:
        click.echo(key.pseudonym(id_text(person)))
