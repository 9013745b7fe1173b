"""Sequences: made from a seed, written as JSON, and cut down to the shortest that still fails."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.damage import DAMAGES
from tests.fuzz.failures import Failure
from tests.fuzz.packets import packet
from tests.fuzz.shrinking import shortest
from tests.fuzz.world import LOSSES, any_size, beginning

Step = list[Any]  # what happens, and with what: ["bytes", [piece, ...]], ["resize", 80, 24], ["kill"], ...
Play = Callable[["Sequence"], Failure | None]


@dataclass(frozen=True)
class Sequence:
    """How it begins, and what happens then."""

    start: dict[str, Any]
    steps: list[Step] = field(default_factory=list)

    def write(self, path: Path) -> None:
        """One step a line, so that a person can cut it by hand too."""
        path.write_text("\n".join(json.dumps(line) for line in (self.start, *self.steps)) + "\n")

    @classmethod
    def read(cls, path: Path) -> Sequence:
        start, *steps = map(json.loads, path.read_text().splitlines())
        return cls(start, steps)


def sequence(seed: str, packets: int) -> Sequence:
    """The same for the same seed, in any process."""
    random = Random(seed)
    return Sequence(beginning(random), [_step(random) for _ in range(packets)])


def _step(random: Random) -> Step:
    chance = random.random()
    if chance < 0.83:
        return ["bytes", packet(random)]
    if chance < 0.91:
        return ["turn", random.randint(1, 5)]
    if chance < 0.95:
        return ["pause", random.choice([0.15, 0.15, 1.2])]
    if chance < 0.98:
        return ["resize", *any_size(random)]
    if chance < 0.99:
        return ["wait", 0.12]
    if chance < 0.994:
        return ["kill"]
    if chance < 0.999:
        return ["damage", random.choice(list(DAMAGES)), random.randint(1, 12)]
    return ["lose", random.choice(LOSSES)]


def shortest_failing(found: Sequence, failure: Failure, play: Play, seconds: float) -> Sequence:
    """The shortest sequence with the same failure that can be found in so many seconds."""
    until = time.monotonic() + seconds

    def fails(start: dict[str, Any], steps: list[Step]) -> bool:
        if time.monotonic() > until:
            return False
        again = play(Sequence(start, steps))
        return again is not None and again.signature == failure.signature

    start, steps = found.start, found.steps
    if not any(fails(start, steps) for _ in range(3)):
        return found  # it depends on time, too: all of it is kept
    if fails(plain := {**start, "damages": [], "doctor": False, "ascii": False}, steps):
        start = plain
    steps = shortest(steps, lambda part: fails(start, part))
    pieces = [(n, piece) for n, step in enumerate(steps) if step[0] == "bytes" for piece in step[1]]

    def with_pieces(kept: list[tuple[int, str]]) -> list[Step]:
        made = [[*step] if step[0] != "bytes" else ["bytes", []] for step in steps]
        for n, piece in kept:
            made[n][1].append(piece)
        return [step for step in made if step[0] != "bytes" or step[1]]

    if len(pieces) > 1:
        pieces = shortest(pieces, lambda part: fails(start, with_pieces(part)))
    return Sequence(start, with_pieces(pieces))
