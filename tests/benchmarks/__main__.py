"""``python -m tests.benchmarks [NAME ...] [--quick] [--check]``: all benchmarks, or those named, as tables.

``--quick`` takes small single runs, whose figures mean little. ``--check`` fails where a row falls off
a cliff: beyond twice its bar, in two measurements, since one says little on a busy machine.

The doctor's benchmark measures answers, not time, and takes an hour: it runs only where it is named, and
so do those of large files and of ranks, which take minutes and gigabytes of disk, but for ``--quick``.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from tests.benchmarks.report import LOOSE, cost_header, header

# Those that start processes come first: a process that holds torch and large tables forks more slowly.
NAMES = (
    *("start_up", "live", "upkeep", "files", "polls", "plot_bytes", "long_run"),
    *("training", "sweeping", "slices", "scale"),
)
COSTS = "costs"
DOCTOR = "doctor"
AGAIN = 1  # more measurement of what fell
LARGE = ("large", "ranks")
KNOWN = (*NAMES, *LARGE, COSTS, DOCTOR)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(KNOWN)}")
    parser.add_argument("--quick", action="store_true", help="small single runs: only shows that they run")
    parser.add_argument(
        "--check", action="store_true", help=f"fail where a row exceeds {LOOSE} times its bar"
    )
    asked = parser.parse_args()
    for name in asked.names:
        if name not in KNOWN:
            parser.error(f"there is no benchmark {name}; there are {', '.join(KNOWN)}")
    wanted = asked.names or (*NAMES, *(LARGE if asked.quick else []), COSTS)
    chosen = [name for name in (*NAMES, *LARGE) if name in wanted]
    if chosen:
        print(header(), flush=True)
    fell = {name: what for name in chosen if (what := _fell(name, asked.quick))}
    if COSTS in wanted:
        print(("\n" if chosen else "") + cost_header(), flush=True)
        for cost in import_module(f"tests.benchmarks.{COSTS}").measure(asked.quick):
            print(cost.row(), flush=True)
    if DOCTOR in wanted:
        report = import_module(f"tests.benchmarks.{DOCTOR}").report
        print(("\n" if chosen or COSTS in wanted else "") + report(asked.quick), flush=True)
    for _ in range(AGAIN if asked.check else 0):
        if fell:
            print(f"\nOnce more, for rows beyond {LOOSE} times their bars:\n{header()}", flush=True)
            fell = {
                name: left for name, before in fell.items() if (left := before & _fell(name, asked.quick))
            }
    if asked.check and fell:
        left = sorted(row for rows in fell.values() for row in rows)
        sys.exit(f"Beyond {LOOSE} times their bars each time: {'; '.join(left)}.")


def _fell(name: str, quick: bool) -> set[str]:
    """Measure one file of benchmarks, whose rows are printed as they come; those that are off a cliff."""
    fell = set()
    for result in import_module(f"tests.benchmarks.{name}").measure(quick):
        print(result.row(), flush=True)
        if result.fell:
            fell.add(result.what)
    return fell


if __name__ == "__main__":
    main()
