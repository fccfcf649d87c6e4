"""``completion install|uninstall``: completion in the user's shell."""

from __future__ import annotations

import shutil

import click

from influence_graph.cli.completion.places import install as put
from influence_graph.cli.completion.places import places_of, shell_named
from influence_graph.cli.completion.places import uninstall as take_out
from influence_graph.cli.completion.shells import PROGRAM, SHELLS, script
from influence_graph.cli.output import note

_shell = click.argument("shell", required=False, metavar=f"[{'|'.join(SHELLS)}]")


@click.group(epilog="Example: influence-graph completion install")
def completion() -> None:
    """Complete commands, options, questions and ids at a Tab, in bash, zsh or fish."""


@completion.command(
    epilog="Examples: influence-graph completion install; influence-graph completion install zsh --show"
)
@_shell
@click.option("--show", is_flag=True, help="Print the script, and change nothing.")
def install(shell: str | None, show: bool) -> None:
    """Put the script where the shell (that of SHELL, where none is named) looks for it, and say where.

    Nothing else is changed; zsh alone may need a line in ~/.zshrc, which is marked. Again changes nothing, and after an
    update nothing has to be done.
    """
    chosen = shell_named(shell)
    if show:
        click.echo(script(chosen), nl=False)
        return
    for line in put(chosen, places_of(chosen)[0]):
        note(line)
    if shutil.which(PROGRAM) is None:
        note(f"{PROGRAM} is not on your PATH: {chosen} completes it only where it is")
    note(f"open a new {chosen}, or run `exec {chosen}`, and try: {PROGRAM} query <Tab>")


@completion.command(epilog="Example: influence-graph completion uninstall zsh")
@_shell
def uninstall(shell: str | None) -> None:
    """Take the script away again, and the line in ~/.zshrc."""
    chosen = shell_named(shell)
    for line in take_out(chosen, places_of(chosen)):
        note(line)
