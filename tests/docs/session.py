"""Runs the steps of one page in one folder: a shell in a terminal, and one namespace of Python."""

from __future__ import annotations

import contextlib
import doctest
import fcntl
import io
import json
import os
import pty
import re
import select
import shlex
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.docs.blocks import UNTIL_STOPPED, Step
from tests.warm import write_program

WIDTH = 120
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
_TINY = re.compile(r"\b\d+(?:\.\d+)?e-\d+\b")
_END = re.compile(r"\x1e(\d+)\x1e")
_FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
USUAL = "bolt://localhost:7687"
"""The address of a server in the pages; where another has that port, it is replaced by the real one."""
STOPPED_AFTER = 60.0
"""Seconds in which a command that runs until Ctrl-C must have said something."""
QUIET = 3.0
"""Seconds without a further word after which such a command is stopped."""


class Failed(AssertionError):
    """A step does not do what its page says."""


@dataclass(frozen=True)
class Done:
    """What a step printed: on standard output, and on standard error."""

    output: str
    errors: str = ""

    @property
    def both(self) -> str:
        """What a reader sees: notes, then the result."""
        return self.errors + self.output


class Session:
    """One reader's work through a page; ``pip install`` builds and resolves everything, and installs nothing."""

    def __init__(self, folder: Path, environment: dict[str, str] | None = None, timeout: float = 280.0) -> None:
        self.folder, self.timeout = folder, timeout
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.address = (environment or {}).get("NEO4J_URI", USUAL)
        self._errors, self._script = folder.parent / f"{folder.name}.err", folder.parent / f"{folder.name}.sh"
        self._running = folder.parent / f"{folder.name}.pid"
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, WIDTH, 0, 0))
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=folder, env=self._environment(environment or {}),
            stdin=subprocess.PIPE, stdout=slave, stderr=slave, text=True, start_new_session=True,
        )  # fmt: skip
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._shell.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._shell.stdin.close()
        try:
            self._shell.wait(10)
        except subprocess.TimeoutExpired:
            self._shell.kill()
            self._shell.wait()
        os.close(self._master)

    def _environment(self, given: dict[str, str]) -> dict[str, str]:
        programs = self.folder.parent / "bin"
        programs.mkdir(exist_ok=True)
        write_program(programs / "influence-graph")
        (programs / "pip").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pip "$@" --dry-run --quiet\n')
        (programs / "pip").chmod(0o755)
        root = str(Path(__file__).resolve().parents[2])
        path = f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("INFLUENCE_GRAPH_", "NEO4J_"))
        }
        terminal = {"TERM": "xterm", "NO_COLOR": "1", "COLUMNS": str(WIDTH), "PYTHONPATH": root}
        return {**kept, **terminal, "PATH": path, **given}

    def run(self, step: Step) -> Done:
        """Run *step* and compare what it shows.

        Raises:
            Failed: It fails, or its output is not as shown.
        """
        if step.kind == "python":
            return self._python(step)
        if step.kind == "cypher":
            done, code = self.shell(f"influence-graph query - --format jsonl <<'END'\n{step.text}END")
            if code or not done.output.strip():
                raise Failed(f"line {step.line}: no rows of\n{step.text}\n{done.both}")
            return done
        text = f"(unset INFLUENCE_GRAPH_STORE; {step.text})" if step.kind == "span" else step.text
        done, code = self.shell(text)
        if code and not any(line.startswith("error: ") for line in step.shown):
            raise Failed(f"line {step.line}: exit {code} of `{step.text}`\n{done.both}")
        if step.shown and not any(same(step.shown, text) for text in (done.output, done.both)):
            raise Failed(
                f"line {step.line}: `{step.text}` printed\n{done.both}\nand the page shows\n" + "\n".join(step.shown)
            )
        return done

    def shell(self, command: str) -> tuple[Done, int]:
        """Run a command line in the shell of the page; return what it printed, and its exit code."""
        done, code = self._in_shell(command.replace(USUAL, self.address))
        if "neo4j up" in command and not code:
            status, _ = self._in_shell("influence-graph neo4j status --format json")
            self.address = json.loads(status.output)[0]["uri"]
        return Done(done.output.replace(self.address, USUAL), done.errors.replace(self.address, USUAL)), code

    def _in_shell(self, command: str) -> tuple[Done, int]:
        is_endless = UNTIL_STOPPED in command
        if is_endless:
            limited = f"exec timeout --signal=INT {STOPPED_AFTER:.0f} {command.partition(UNTIL_STOPPED)[0]}"
            command = f"(echo $BASHPID >{shlex.quote(str(self._running))}; {limited}) || true"
        self._script.write_text(f"set -o pipefail\n{command}\n")
        script, errors = shlex.quote(str(self._script)), shlex.quote(str(self._errors))
        assert self._shell.stdin is not None
        self._shell.stdin.write(f". {script} </dev/null 2>{errors}; printf '\\036%d\\036' $?\n")
        self._shell.stdin.flush()
        text, code = self._read(QUIET if is_endless else self.timeout)
        return Done(plain(text), plain(self._errors.read_text(encoding="utf-8"))), code

    def _read(self, quiet: float) -> tuple[str, int]:
        """Return what comes until the end of the command, which is stopped when it said something and is *quiet*."""
        received, heard, deadline = b"", 0, time.monotonic() + self.timeout
        while not (match := _END.search(received.decode("utf-8", "replace"))):
            if select.select([self._master], [], [], max(0.0, min(quiet, deadline - time.monotonic())))[0]:
                try:
                    received += os.read(self._master, 65536)
                except OSError as error:
                    raise Failed(f"the shell ended: {self._script.read_text()}") from error
                continue
            if time.monotonic() > deadline:
                raise Failed(f"no answer within {self.timeout:.0f} s: {self._script.read_text()}")
            before, heard = heard, len(received) + self._errors.stat().st_size
            if heard and heard == before:
                self._interrupt()
        return received.decode("utf-8", "replace")[: match.start()], int(match[1])

    def _interrupt(self) -> None:
        """Press Ctrl-C, which ``timeout`` passes on."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(self._running.read_text()), signal.SIGINT)

    def _python(self, step: Step) -> Done:
        if ">>> " not in step.text:
            printed = io.StringIO()
            with contextlib.chdir(self.folder), contextlib.redirect_stdout(printed):
                exec(compile(step.text, f"line {step.line}", "exec"), self.names)
            return Done(printed.getvalue())
        printed = []
        for example in doctest.DocTestParser().get_examples(step.text):
            got = self._example(example, step.line)
            if not doctest.OutputChecker().check_output(example.want, got, _FLAGS):
                line = step.line + example.lineno
                raise Failed(f"line {line}: {example.source}printed\n{got}and the page shows\n{example.want}")
            printed.append(got)
        return Done("".join(printed))

    def _example(self, example: doctest.Example, line: int) -> str:
        """Return what one example prints."""
        printed = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(printed):
            exec(compile(example.source, f"line {line + example.lineno}", "single"), self.names)
        return printed.getvalue()

    def shown(self, step: Step) -> list[str]:
        """Return the lines of a snippet with ``>>>`` and with the output that it has now."""
        lines: list[str] = []
        for part in doctest.DocTestParser().parse(step.text):
            if isinstance(part, str):
                lines += part.splitlines()
                continue
            source = part.source.splitlines()
            lines += [f"{'>>> ' if number == 0 else '... '}{line}".rstrip() for number, line in enumerate(source)]
            got = self._example(part, step.line)
            kept = doctest.OutputChecker().check_output(part.want, got, _FLAGS)
            lines += (part.want if kept else got).rstrip("\n").splitlines()
        return lines


def plain(text: str) -> str:
    """Return *text* without escapes of the terminal, and without blanks at the ends of lines."""
    lines = _ESCAPE.sub("", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip().rsplit("\r", 1)[-1] for line in lines)


def same(shown: Sequence[str], output: str) -> bool:
    """Return whether *output* is as *shown*, where ``...`` stands for anything, and what is tiny is about 0."""
    parts, output = [], _TINY.sub("0", output)
    for line in _TINY.sub("0", "\n".join(shown)).strip().split("\n"):
        if line.strip() == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(r"[^\n]*?".join(re.escape(part) for part in line.rstrip().split("...")) + "\n")
    return re.fullmatch("".join(parts), output.strip("\n").strip() + "\n") is not None
