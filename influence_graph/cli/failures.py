"""Errors as one line on standard error, and their exit codes."""

from __future__ import annotations

import os

import click

from influence_graph.errors import InfluenceGraphError
from influence_graph.text import one_line, without_credentials

EXPECTED = (click.ClickException, InfluenceGraphError)
"""Errors that are told to the user; all others are ours."""


def explained(error: Exception) -> int:
    """Print *error* on one line and return its exit code."""
    if isinstance(error, click.ClickException):
        vars(error)["message"] = without_credentials(one_line(error.message))  # what it shows
        error.show()
        return error.exit_code
    if isinstance(error, InfluenceGraphError):
        return fail(str(error), error.exit_code)
    if isinstance(error, MemoryError):
        return fail("there is not enough memory for this; ask for less, or give it more", 1)
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else "the output cannot be written: "
        return fail(one_line(f"{where}{error.strerror}; check the disk and the permissions"), 1)
    what = one_line(f"{type(error).__name__}: {error}")
    return fail(f"internal error: {what}; set INFLUENCE_GRAPH_DEBUG=1 for details and report it", 1)


def fail(message: str, code: int) -> int:
    """Print *message* as an error and return *code*."""
    color = False if os.environ.get("NO_COLOR") else None
    click.echo(click.style("error: ", fg="red") + without_credentials(message), err=True, color=color)
    return code
