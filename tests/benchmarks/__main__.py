"""``python -m tests.benchmarks [--quick]``: every benchmark, as one Markdown table.

``--quick`` shows that they run; its figures are single runs and mean little.
"""

from __future__ import annotations

import sys

from tests.benchmarks import live, plot_bytes, start_up
from tests.benchmarks.report import header


def main(arguments: list[str]) -> None:
    quick = "--quick" in arguments
    print(header())
    for benchmark in (start_up, live, plot_bytes):
        for result in benchmark.measure(quick):
            print(result.row(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
