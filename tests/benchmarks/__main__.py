"""``python -m tests.benchmarks [NAME ...] [--quick]``: every benchmark, or those named, as Markdown tables.

``--quick`` shows that they run; its figures are single small runs and mean little. The doctor's benchmark
measures answers, not time, and takes an hour: it runs only where it is named. So does that of large files,
which takes minutes and 8 GB of disk, but for --quick.
"""

from __future__ import annotations

import argparse
from importlib import import_module

from tests.benchmarks.report import cost_header, header

# Those that start processes come first: a process that holds torch and large tables forks more slowly.
NAMES = ("start_up", "live", "plot_bytes", "long_run", "training", "sweeping", "slices", "scale")
COSTS = "costs"
DOCTOR = "doctor"
LARGE = "large"
KNOWN = (*NAMES, LARGE, COSTS, DOCTOR)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(KNOWN)}")
    parser.add_argument("--quick", action="store_true", help="small single runs: only shows that they run")
    asked = parser.parse_args()
    for name in asked.names:
        if name not in KNOWN:
            parser.error(f"there is no benchmark {name}; there are {', '.join(KNOWN)}")
    wanted = asked.names or (*NAMES, *([LARGE] if asked.quick else []), COSTS)
    chosen = [name for name in (*NAMES, LARGE) if name in wanted]
    if chosen:
        print(header(), flush=True)
    for name in chosen:
        for result in import_module(f"tests.benchmarks.{name}").measure(asked.quick):
            print(result.row(), flush=True)
    if COSTS in wanted:
        print(("\n" if chosen else "") + cost_header(), flush=True)
        for cost in import_module(f"tests.benchmarks.{COSTS}").measure(asked.quick):
            print(cost.row(), flush=True)
    if DOCTOR in wanted:
        report = import_module(f"tests.benchmarks.{DOCTOR}").report
        print(("\n" if chosen or COSTS in wanted else "") + report(asked.quick), flush=True)


if __name__ == "__main__":
    main()
