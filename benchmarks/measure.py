"""Whole-process figures: seconds and peak memory of a command, by the operating system's accounting."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figures:
    """Of one finished process: wall and CPU seconds, peak resident megabytes, what it printed."""

    seconds: float
    cpu: float
    megabytes: float
    out: str

    def __str__(self) -> str:
        return f"{self.seconds:8.2f} s wall {self.cpu:8.2f} s cpu {self.megabytes:8.0f} MB"


def measure(command: Sequence[str], **environment: str) -> Figures:
    """Run *command* to its end and account for it; raise if it fails."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **environment}, text=True
    ) as process:
        assert process.stdout is not None
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{out}")
    seconds = time.perf_counter() - started
    return Figures(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out)
