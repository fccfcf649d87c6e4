"""Options that say how people come into a store: the doors share them."""

from __future__ import annotations

from typing import Any

import click

from influence_graph.app.door import Privacy
from influence_graph.cli.options import FILE, several
from influence_graph.cli.output import note
from influence_graph.ingest.pseudonyms import VARIABLE

key_file_option = click.option(
    "--key-file",
    type=FILE,
    envvar=VARIABLE,
    help=f"Key of pseudonyms and tombstones, mode 0600.  [default: in your configuration folder]  [env: {VARIABLE}]",
)
_mix_ids_option = click.option(
    "--mix-ids", is_flag=True, help="Let ids and pseudonyms stand in one store; who has both is two people there."
)
copy_options = several(key_file_option, _mix_ids_option)
privacy_options = several(
    click.option("--pseudonymize", is_flag=True, help="Keep keyed hashes in place of the ids of people, and no names."),
    copy_options,
)


def take_privacy(options: dict[str, Any]) -> Privacy:
    """Take the options of :data:`privacy_options` or :data:`copy_options` out of *options*."""
    names = [name for name in ("pseudonymize", "key_file", "mix_ids") if name in options]
    return Privacy(**{name: options.pop(name) for name in names}, note=note)
