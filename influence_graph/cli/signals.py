"""Ctrl-C and SIGTERM end the command within 5 seconds, whatever it is doing.

Three know of a signal, each for what the one before it cannot do:

1. The handler raises KeyboardInterrupt in the main thread: everything is rolled back, closed and removed in order.
   It runs between two instructions of Python only, and what it raises can get lost on its way.
2. A thread cuts connections after 1 second (``ending.py``): a roll-back that waits for a stalled server gets an error.
   After 3 seconds it ends the process, where code in C does not come back (a query of DuckDB, a kernel of numba) or
   the interrupt was lost. That harms no store: a server rolls back what it was asked over a connection that is gone,
   DuckDB does at the next opening, a lease expires.
3. A process, forked at the start, ends this one after 4 seconds, where code in C also holds the interpreter's lock, as
   ``sorted`` and ``json.loads`` do: no Python runs here then. A timer of the system (``signal.setitimer``,
   ``faulthandler.dump_traceback_later``) is no way, since Python would have to set it when the signal is there.

A second signal ends the process at once. Each time one line says what is true of the store, and the exit code is 130;
in the third case it is death by SIGINT, which shells show as 130.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from influence_graph import ending

STOPPED = 130
"""Exit code of a command that a signal ended."""
SIGNALS = (signal.SIGINT, signal.SIGTERM)
_CUT_SECONDS, _LEAVE_SECONDS, _KILL_SECONDS = 1.0, 3.0, 4.0
_SAME_SECONDS = 0.5  # a signal to a group is often passed on, too: that is one signal
_TICK_SECONDS = 0.1
_CALM, _FAREWELL, _AGAIN, _TEXT, _HEARD, _END = b"\x01", b"\x03", b"\x04", b"\x05", b"\x06", b"\n"  # no signals
_MOST = 2000  # bytes of a line: a pipe takes so many at once


class Watch:
    """What sees to it that this process ends; :meth:`begin` starts it, once per process.

    Attributes:
        received: The signals so far.
        line: What is printed where this process is ended.
    """

    def __init__(self) -> None:
        self.received: list[int] = []
        self.line = "stopped"
        self._unsaid = [True]
        self._lost = self._is_again = False
        self._main = threading.get_ident()
        self._at = 0.0
        self._wake = -1
        self._watcher = 0

    def begin(self) -> None:
        """Start the process and the thread that watch.

        Raises:
            OSError: the system gives no process or no pipe.
        """
        reads, self._wake = os.pipe()
        told, tells = os.pipe()
        for end in (self._wake, tells):
            os.set_blocking(end, False)
        us = os.getpid()
        self._watcher = os.fork()
        if self._watcher == 0:
            _Watcher(us, reads, tells).run()
        os.close(reads)
        os.close(tells)
        threading.Thread(target=self._follow, args=(told,), daemon=True, name="signals").start()
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        atexit.register(self.dismiss)

    def heed(self) -> None:
        """Let the signals of this process be handled here, but those that it was started to ignore."""
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as a shell leaves it for what runs in the background
                _handle(number, self.handle)
        sys.unraisablehook = self._lose

    def say(self, line: str) -> None:
        """Let *line*, of printable characters, be what is printed where this process is ended from now on."""
        self.line = line
        self._tell(_TEXT + line.encode(errors="replace")[:_MOST] + _END)

    def claim(self) -> bool:
        """Return True once, to the one who then prints the line."""
        with suppress(IndexError):
            return self._unsaid.pop()
        return False

    def go_on(self) -> None:
        """Forget the signals so far, in the main thread: the shell goes on after Ctrl-C."""
        self._tell(_CALM)
        self.received.clear()
        ending.go_on()
        if self._wake >= 0:
            signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)  # a prompt has taken it for its own loop
        self.heed()

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Raise KeyboardInterrupt at the first signal; leave at the second."""
        del frame
        now = time.monotonic()
        if self._is_again:
            self._lost = self._is_again = False
            _handle(number, self.handle)
            raise KeyboardInterrupt
        if self.received and now - self._at < _SAME_SECONDS:
            return
        if self.received:
            self.leave()
        self._at = now
        self.received.append(number)
        self._tell(_HEARD)  # a prompt may have taken what the system tells
        ending.mark()
        _handle(number, self.handle)
        raise KeyboardInterrupt

    def finish(self) -> None:
        """Heed no signal any more: the command has done all it does."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def leave(self) -> NoReturn:
        """Remove unfinished files, print the line and end this process, waiting for nothing."""
        ending.abandon()
        if self.claim():
            _write(self.line)
        self.dismiss()
        os._exit(STOPPED)

    def dismiss(self) -> None:
        """End the process that watches."""
        self._tell(_FAREWELL)
        with suppress(OSError, ValueError):  # not in the main thread
            signal.set_wakeup_fd(-1)
        with suppress(OSError):
            os.kill(self._watcher, signal.SIGKILL) if self._watcher else None
            os.waitpid(self._watcher, 0) if self._watcher else None
        self._watcher = 0

    def _lose(self, found: sys.UnraisableHookArgs) -> None:
        """Note that the interrupt was raised where nothing can be: in a callback of llvmlite, in ``__del__``."""
        if self.received and isinstance(found.exc_value, KeyboardInterrupt):
            self._lost = True
        else:
            sys.__unraisablehook__(found)

    def _tell(self, message: bytes) -> None:
        if self._wake >= 0:
            with suppress(OSError):  # nobody watches any more
                os.write(self._wake, message)

    def _follow(self, told: int) -> None:
        """Cut connections and leave, as time passes; what comes from the process that watches begins and ends it."""
        since: float | None = None
        while True:
            passed = 0.0 if since is None else time.monotonic() - since
            if passed > _LEAVE_SECONDS:
                self.leave()
            if passed > _CUT_SECONDS:
                ending.end()
            if self._lost and not self._is_again:
                self._is_again = True
                self._tell(_AGAIN)
                signal.pthread_kill(self._main, signal.SIGINT)
            if select.select([told], [], [], None if since is None else _TICK_SECONDS)[0]:
                message = os.read(told, 1)
                if not message:
                    return
                since = None if message == _CALM else time.monotonic()
                if message == _CALM:
                    ending.go_on()


class _Watcher:
    """The process that watches another, *watched*: it reads signals and messages, and passes on when to act."""

    def __init__(self, watched: int, reads: int, tells: int) -> None:
        self._watched, self._reads, self._tells = watched, reads, tells
        self._line = b"stopped"
        self._until: float | None = None
        self._rest = b""
        self._ours = 0

    def run(self) -> NoReturn:
        """Watch until the other process is gone."""
        try:
            self._prepare()
            while True:
                left = None if self._until is None else max(self._until - time.monotonic(), 0.0)
                if left == 0.0:
                    self._kill()
                if select.select([self._reads], [], [], left)[0]:
                    self._take(os.read(self._reads, 65536))
        finally:
            os._exit(0)

    def _prepare(self) -> None:
        """Hold nothing open that others wait for, and outlive the signals that the other one is to end of."""
        for number in (*SIGNALS, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        kept = sorted((2, self._reads, self._tells))
        for low, high in zip(kept, [*kept[1:], 65536], strict=True):
            os.closerange(low + 1, high)

    def _take(self, data: bytes) -> None:
        """Act on *data*: numbers of signals, messages and, where it is empty, the end of the other process."""
        if not data:
            if self._until is not None:
                _write(self._line.decode(errors="replace"))  # it ended without a word
            os._exit(0)
        for code, text in self._messages(data):
            if code == _TEXT:
                self._line = text
            elif code == _FAREWELL:
                os._exit(0)
            elif code == _AGAIN:  # the next one is sent by the other process to itself
                self._ours += 1
            elif code == _CALM:
                self._until = None
                os.write(self._tells, _CALM)
            elif code[0] in SIGNALS or (code == _HEARD and self._until is None):
                self._signal(code)

    def _messages(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield the code and the text of each message in *data*; the start of one is kept for the next time."""
        data, self._rest = self._rest + data, b""
        while data:
            code, data, text = data[:1], data[1:], b""
            if code == _TEXT:
                text, end, rest = data.partition(_END)
                if not end:
                    self._rest = code + data
                    return
                data = rest
            yield code, text

    def _signal(self, code: bytes) -> None:
        if self._ours:
            self._ours -= 1
            return
        now = time.monotonic()
        if self._until is None:
            self._until = now + _KILL_SECONDS
            os.write(self._tells, code)
        elif now > self._until - _KILL_SECONDS + _SAME_SECONDS:  # the second one
            self._until = min(self._until, now + _SAME_SECONDS)

    def _kill(self) -> NoReturn:
        """End the other process: SIGINT has its default effect where the one before was not handled yet."""
        for number, seconds in ((signal.SIGINT, 0.1), (signal.SIGINT, 0.3), (signal.SIGKILL, 0.3)):
            with suppress(ProcessLookupError):
                os.kill(self._watched, number)
            if select.select([self._reads], [], [], seconds)[0] and not os.read(self._reads, 65536):
                break
        _write(self._line.decode(errors="replace"))
        os._exit(0)


def _write(line: str) -> None:
    """Write *line* to standard error if that is possible without waiting."""
    with suppress(OSError):
        if select.select([], [2], [], 0.2)[1]:
            start = "\n" if os.isatty(2) else ""  # behind the terminal's ^C
            os.write(2, f"{start}error: {line}\n".encode(errors="replace"))


def _handle(number: int, handler: object) -> None:
    """Call *handler* at signal *number*, once where the C library has that: the next one then ends the process.

    ``signal.signal`` lets Python's own handler in C stay, which only takes note where no Python can run.
    """
    signal.signal(number, handler)  # type: ignore[arg-type]
    if number != signal.SIGINT:
        return
    library = ctypes.CDLL(None)
    if not hasattr(library, "sysv_signal"):
        return
    for function in (library.signal, library.sysv_signal):
        function.argtypes, function.restype = [ctypes.c_int, ctypes.c_void_p], ctypes.c_void_p
    library.sysv_signal(number, library.signal(number, None))
