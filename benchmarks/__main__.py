"""``python -m benchmarks``: every benchmark in turn, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys

for name in ("pagerank", "fusion", "explain", "policy_fit", "stores"):
    print(f"\n== {name} ==", flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
