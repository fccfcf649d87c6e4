"""Statements from a pipe or a file, one after the other, up to the first that fails."""

from __future__ import annotations

from collections.abc import Iterable

from influence_graph.cli.failures import EXPECTED, explained
from influence_graph.cli.output import note
from influence_graph.cli.shell.meta import Quit, run
from influence_graph.cli.shell.session import Session


def run_piped(session: Session, lines: Iterable[str]) -> int:
    """Run the statements in *lines*; return the exit code: 0, or that of the first failure, which ends it.

    A statement that the store refuses is a failure, 1; a store that cannot be reached has its own code.
    """
    text, number = "", 0
    try:
        for number, line in enumerate(lines, start=1):  # noqa: B007 - told below
            done, text = session.statements.split(text + line)
            for statement in done:
                run(session, statement)
        if text.strip():
            number += 1
            run(session, text.strip())
    except Quit:
        return 0
    except EXPECTED as error:
        note(f"stopped at line {number:,}: what follows was not run")
        code = explained(error)
        return 1 if code == 2 else code
    return 0
