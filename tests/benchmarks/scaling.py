"""A model of ranks that train together: what an epoch takes on so many, from what was measured on two.

    python -m tests.benchmarks.scaling [NANOSECONDS A ROW, OF NEWTON AND OF A GRADIENT]

prints what it predicts for 64 machines and 10¹⁰ rows; docs/scaling.md says what is assumed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from math import fsum

FLOAT = 8  # bytes: sums are of float64
ORDER = 12e-9  # seconds that each rank takes to draw the place of one of all rows
MEASURED = (118e-9, 9.2e-9)  # seconds that a row of 28 columns takes on one core: newton, a gradient


@dataclass(frozen=True)
class Network:
    """Seconds until a message of nothing arrives, bytes a second, and the mean delay of a rank at a sum."""

    latency: float = 30e-6
    bandwidth: float = 1.25e9
    delay: float = 0.0


def bytes_of(columns: int, optimizer: str) -> int:
    """Bytes of one sum: the gradient and the loss, of Newton's method also the Hessian."""
    weights = columns + 1
    return FLOAT * (weights + 1 + (weights**2 if optimizer == "newton" else 0))


def sent(ranks: int, size: int) -> float:
    """Bytes that each rank sends in one sum of so many, where ranks stand in a ring."""
    return 2 * (ranks - 1) / ranks * size


def waiting(ranks: int, delay: float) -> float:
    """Seconds until the last of so many ranks is there, whose delays are exponential: ``delay · H_W``."""
    return delay * fsum(1 / number for number in range(1, ranks + 1))


def summing(ranks: int, size: int, network: Network) -> float:
    """Seconds of one sum in a ring: 2·(W − 1) messages after one another, each of a W-th of it."""
    if ranks == 1:
        return 0.0
    return 2 * (ranks - 1) * network.latency + sent(ranks, size) / network.bandwidth


def epoch(
    rows: float, columns: int, ranks: int, row: float, network: Network, *, optimizer: str, batch: float = 0
) -> float:
    """Seconds of an epoch of so many training rows, each of which takes ``row`` seconds of a rank.

    ``batch`` rows to an update; 0: all of them.
    """
    updates = 1 if batch == 0 else rows / batch
    order = ORDER * rows if batch else 0.0
    each = summing(ranks, bytes_of(columns, optimizer), network) + waiting(ranks, network.delay)
    return rows / ranks * row + order + updates * each


def main() -> None:
    """The table of docs/scaling.md."""
    newton, gradient = (float(text) * 1e-9 for text in sys.argv[1:3]) if sys.argv[1:] else MEASURED
    rows, columns = 0.8e10, 28
    print("| ranks | newton, an epoch | of it waiting | full batch | batches of a million |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for ranks in (64, 256, 1024):
        network = Network(delay=1e-3)
        told = [
            epoch(rows, columns, ranks, newton, network, optimizer="newton"),
            summing(ranks, bytes_of(columns, "newton"), network) + waiting(ranks, network.delay),
            epoch(rows, columns, ranks, gradient, network, optimizer="sgd"),
            epoch(rows, columns, ranks, gradient, network, optimizer="sgd", batch=1e6),
        ]
        print(f"| {ranks:,} | {' | '.join(f'{value:.3g} s' for value in told)} |")


if __name__ == "__main__":
    main()
