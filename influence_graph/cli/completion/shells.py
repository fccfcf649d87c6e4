"""Answers to a Tab in bash, zsh and fish: click's own, with ids of blanks and colons, and values behind a =."""

from __future__ import annotations

import os
from importlib import resources
from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    split_arg_string,
)

from influence_graph.cli.completion.skeleton import skeleton
from influence_graph.cli.completion.values import OPEN

PROGRAM, VARIABLE = "influence-graph", "_INFLUENCE_GRAPH_COMPLETE"
_BREAKS = "=:"
"""Characters at which bash begins a new word, and replaces only what comes after them."""


class _Whole(ShellComplete):
    """Completes whole words, options with their value behind a = among them."""

    def source(self) -> str:
        """Return the script to be read by the shell."""
        return script(self.name)

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """Return what can stand in place of *incomplete*."""
        found = super().get_completions(args, incomplete)
        option, separator, _ = incomplete.partition("=")
        if not separator or not option.startswith("-"):
            return found
        return [CompletionItem(f"{option}={item.value}", item.type, item.help) for item in found]


class _Bash(_Whole, BashComplete):
    """bash: the line up to the cursor is in COMP_WORDS; answers begin where bash's own word begins."""

    _typed: str = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        line = os.environ["COMP_WORDS"]
        words = split_arg_string(line)
        if line[-1:].isspace() and not _within_quotes(line):
            words.append("")
        self._typed = words[-1]
        self._quoted = _within_quotes(line)
        return words[1:-1], words[-1]

    def format_completion(self, item: CompletionItem[Any]) -> str:
        value, start = str(item.value), 0
        if not self._quoted:
            start = max(self._typed.rfind(mark) for mark in _BREAKS) + 1
        rest = value[start:]
        plain = item.type in ("plain", OPEN) and not self._quoted
        return f"{item.type},{_escaped(rest) if plain else rest}"


class _Zsh(_Whole, ZshComplete):
    """zsh."""


class _Fish(_Whole, FishComplete):
    """fish."""

    def format_completion(self, item: CompletionItem[str]) -> str:
        return super().format_completion(
            CompletionItem(item.value, "plain" if item.type == OPEN else item.type, item.help)
        )


_SHELLS: dict[str, type[_Whole]] = {"bash": _Bash, "zsh": _Zsh, "fish": _Fish}
SHELLS = tuple(_SHELLS)


def script(shell: str) -> str:
    """Return the script of *shell*: bash, zsh or fish."""
    return resources.files(__package__).joinpath(f"{PROGRAM}.{shell}").read_text(encoding="utf-8")


def answer(root: click.Group, instruction: str) -> int:
    """Print what completes the words that the shell tells in the environment; return the exit code.

    Args:
        root: The command line.
        instruction: ``bash_complete``, ``zsh_complete`` or ``fish_complete``; with ``_source`` the script is printed.
    """
    shell, _, what = instruction.partition("_")
    if shell not in _SHELLS or what not in ("source", "complete"):
        return 1
    if what == "source":
        click.echo(script(shell), nl=False)
        return 0
    plain, _ = skeleton(root)
    click.echo(_SHELLS[shell](plain, {}, PROGRAM, VARIABLE).complete().encode())
    return 0


def _within_quotes(line: str) -> bool:
    """Return whether *line* ends within quotes."""
    quote, escaped = "", False
    for character in line:
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
    return bool(quote)


def _escaped(text: str) -> str:
    """Return *text* with a backslash before each character that means something to bash."""
    return "".join(f"\\{c}" if c in " \t\"'\\$`&|;<>(){}[]*?!#~" else c for c in text)
