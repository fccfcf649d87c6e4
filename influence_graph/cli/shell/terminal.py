"""The shell on a terminal: a prompt with history, completion and colors."""

from __future__ import annotations

import os
import signal

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.filters import Condition, completion_is_selected
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import DynamicLexer, PygmentsLexer
from prompt_toolkit.output import ColorDepth

from influence_graph.cli.completion.values import Words
from influence_graph.cli.failures import explained
from influence_graph.cli.output import note
from influence_graph.cli.shell.completer import ShellCompleter
from influence_graph.cli.shell.history import history_file
from influence_graph.cli.shell.meta import Quit, run
from influence_graph.cli.shell.session import Session
from influence_graph.cli.shell.statements import CYPHER
from influence_graph.cli.signals import Watch
from influence_graph.cli.stopping import watch
from influence_graph.text import one_line

_PROMPT = 40  # characters of a store's address
_LEXERS = {True: PygmentsLexer.from_filename("x.cypher"), False: PygmentsLexer.from_filename("x.sql")}


def converse(session: Session, words: Words) -> None:
    """Ask for statements and run them until the user leaves.

    Args:
        session: What is remembered.
        words: Words for completion, see :func:`influence_graph.cli.completion.words.words`.
    """
    note(f"{session.store.url} ({session.store.language}); :help lists what can be typed")
    note(f":questions lists the questions of the catalogue, {len(words['questions'])}")
    prompt = _prompt(session, words)
    signals = watch()
    while True:
        try:
            text = prompt.prompt()
        except KeyboardInterrupt:
            _unless_it_ends(signals)
            continue
        except EOFError:
            return
        signals.go_on()
        try:
            _run_all(session, text)
        except Quit:
            return
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - no error may end the shell
            _tell(session, error, interrupted=bool(signals.received))
            _unless_it_ends(signals)


def _run_all(session: Session, text: str) -> None:
    done, rest = session.statements.split(f"{text}\n")
    for statement in [*done, *filter(None, [rest.strip()])]:
        run(session, statement)


def _unless_it_ends(signals: Watch) -> None:
    """Go on after Ctrl-C, but not after SIGTERM."""
    if signal.SIGTERM in signals.received:
        raise KeyboardInterrupt
    signals.go_on()


def _tell(session: Session, error: BaseException, *, interrupted: bool) -> None:
    # Code in C may turn the interrupt, raised inside its callback, into an error of its own.
    if interrupted or not isinstance(error, Exception):
        session.store.close()  # a server ends what it still does for a connection that is gone
        note("stopped")
        return
    explained(error)


def _prompt(session: Session, words: Words) -> PromptSession[str]:
    def message() -> StyleAndTextTuples:
        return [("bold", one_line(session.store.url[-_PROMPT:])), ("", "> ")]

    def continued(width: int, number: int, wraps: int) -> StyleAndTextTuples:
        del number, wraps
        return [("", "... ".rjust(width))]

    return PromptSession(
        message,
        multiline=True,
        prompt_continuation=continued,
        key_bindings=_keys(session),
        completer=ShellCompleter(session, words),
        complete_while_typing=False,
        history=_history(),
        lexer=DynamicLexer(lambda: _LEXERS[session.store.language == CYPHER]),
        color_depth=ColorDepth.DEPTH_1_BIT if os.environ.get("NO_COLOR") else None,
    )


def _keys(session: Session) -> KeyBindings:
    keys = KeyBindings()

    @Condition
    def is_whole() -> bool:
        document = get_app().current_buffer.document
        if not document.text.strip() or not document.current_line.strip():
            return True
        return not session.statements.split(f"{document.text}\n")[1]

    @keys.add("enter", filter=is_whole & ~completion_is_selected)
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("enter", filter=completion_is_selected)
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.complete_state = None

    return keys


def _history() -> History:
    """Return the history of all shells of this user; where it cannot be kept, that of this one."""
    path = history_file()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600))
        path.chmod(0o600)
    except OSError as error:
        note(f"what you type is not kept: {path}: {error.strerror}")
        return InMemoryHistory()
    return _OwnHistory(str(path))


class _OwnHistory(FileHistory):
    """Keeps all but lines that begin with a blank: what holds a secret can be kept out."""

    def store_string(self, string: str) -> None:
        if not string.startswith(" "):
            super().store_string(string)
