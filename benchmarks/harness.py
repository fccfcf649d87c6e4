"""How the benchmarks measure: interleaved repeats, ratios round by round, peak memory of a process of its own.

A part runs in child processes with one thread; each prints its records as JSON lines, which ``__main__`` gathers.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 5
SAMPLE = 0.02  # seconds: what is shorter is repeated within a sample
SLOW = 20.0  # seconds: of what takes longer, one run is enough to see the ratio
_THREAD_LIMITS = ("OMP", "OPENBLAS", "MKL", "NUMBA", "RAYON", "VECLIB_MAXIMUM", "GRAPHBLAS", "BLIS")


def one_thread(threads=1):
    """Return the environment in which every library uses *threads* threads."""
    return {f"{name}_NUM_THREADS": str(threads) for name in _THREAD_LIMITS}


def emit(**record):
    """Print one record; numpy numbers become plain ones."""
    print(json.dumps(record, default=float), flush=True)


@dataclass(frozen=True)
class Timing:
    """Of one contender: median seconds, and its time over ours, round by round."""

    seconds: float
    ratio: float
    low: float
    high: float
    rounds: int

    def facts(self):
        """Return the figures as parts of a record."""
        spread = {"low": self.low, "high": self.high, "rounds": self.rounds}
        return {"seconds": self.seconds, "ratio": self.ratio, **spread}


def interleaved(ours: Callable[[], object], rivals: Mapping[str, Callable[[], object]], rounds=ROUNDS, clock=None):
    """Return the Timing of ours (key ``"ours"``) and of each rival: ours, rival, ours, rival, …

    Drift of the machine hits both runs of a pair, so their ratio stands; the median is over rounds.
    The clock is that of the CPU unless another is given: all threads count, other processes do not.
    """
    clock = clock or time.process_time
    inner = _repeats(ours, clock)
    pairs_by_rival = {name: [] for name in rivals}
    own = []
    times = {name: _repeats(rival, clock) for name, rival in rivals.items()}
    for turn in range(rounds):
        for name, rival in rivals.items():
            if times[name] == 0 and turn:
                continue
            mine = _sample(ours, max(inner, 1), clock)
            theirs = _sample(rival, max(times[name], 1), clock)
            own.append(mine)
            pairs_by_rival[name].append((theirs, theirs / mine))
        if not rivals:
            own.append(_sample(ours, max(inner, 1), clock))
    result = {"ours": Timing(statistics.median(own), 1.0, 1.0, 1.0, len(own))}
    for name, pairs in pairs_by_rival.items():
        seconds, ratios = zip(*pairs, strict=True)
        result[name] = Timing(
            statistics.median(seconds), statistics.median(ratios), min(ratios), max(ratios), len(pairs)
        )
    return result


def _repeats(call, clock):
    """Return how often *call* fits a sample, after running it once; 0 where a single run is slow."""
    started = clock()
    call()
    spent = clock() - started
    if spent > SLOW:
        return 0
    return max(1, min(int(SAMPLE / max(spent, 1e-6)), 1_000))


def _sample(call, times, clock):
    started = clock()
    for _ in range(times):
        call()
    return (clock() - started) / times


def resident():
    """Return resident megabytes now and at their peak since this process began."""
    status = Path("/proc/self/status")
    if not status.exists():
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        return peak, peak
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


def rise(call):
    """Run *call*; return its result and the megabytes by which the peak exceeds what was resident before.

    The high-water mark is reset where the system permits it; elsewhere it includes what came before.
    """
    reset = Path("/proc/self/clear_refs")
    if reset.exists():
        reset.write_text("5")
    before = resident()[0]
    result = call()
    return result, max(resident()[1] - before, 0.0)


def child(module, *arguments, timeout=None, threads=1):
    """Run ``python -m benchmarks.<module> arguments`` with *threads* threads; return its records and its failure.

    What is not a record is shown. The failure is None, or the last line the process left.
    """
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **one_thread(threads)},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [], f"took longer than {timeout:g} s"
    records = []
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            records.append(json.loads(line))
        elif line.strip():
            print(line, flush=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return records, last
    return records, None
