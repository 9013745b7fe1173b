"""``python -m tests.fuzz [--events N] [--minutes M] [--seed S] [--pty]``: random input, and what fails.

Prints every failure with its seed and the shortest sequence that still fails, which ``--replay FILE`` plays
again. The exit code is 1 where anything failed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.failures import Failure
from tests.fuzz.sequences import Sequence, sequence, shortest_failing

PACKETS = 200  # in a sequence
PTY_PACKETS = 60


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--events", type=int, default=100_000, help="how many at least (default 100,000)")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=int, default=0, help="number of the first sequence of the seed")
    parser.add_argument("--shrink", type=float, default=120, help="seconds for shortening each failure")
    parser.add_argument("--replay", type=Path, help="play this file instead")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "lrtui-fuzz")
    parser.add_argument("--pty", action="store_true", help="the installed lrtui in a pseudo-terminal")
    asked = parser.parse_args()
    asked.out = asked.out.absolute()
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="lrtui-fuzz-") as folder:
        if asked.pty:
            from tests.fuzz.terminal import Player
        else:
            from tests.fuzz.player import Player
        with Player(Path(folder)) as player:
            if asked.replay is not None:
                failure = player.play(Sequence.read(asked.replay))
                print("no failure" if failure is None else f"{failure.signature}\n{failure.detail}")
                sys.exit(failure is not None)
            sys.exit(fuzz(player, asked))


def fuzz(player: object, asked: argparse.Namespace) -> int:
    """Play one sequence after another; how many failed."""
    began = time.monotonic()
    kinds: Counter[str] = Counter()
    number, events, next_word = asked.first, 0, 0.0
    while events < asked.events and time.monotonic() - began < 60 * asked.minutes:
        made = sequence(f"{asked.seed}:{number}", PTY_PACKETS if asked.pty else PACKETS)
        failure = player.play(made)
        events += player.events
        if failure is not None:
            kinds[failure.signature] += 1
            if kinds[failure.signature] == 1:
                played = Sequence(made.start, player.done)
                tell(player, played, failure, f"{asked.seed}:{number}", asked)
        number += 1
        if time.monotonic() >= next_word:
            rate = events / (time.monotonic() - began) * 60
            failed = f"{sum(kinds.values())} failures"
            say(f"{events:,} events, {number - asked.first} sequences, {failed}, {rate:,.0f}/min")
            next_word = time.monotonic() + 30
    minutes = (time.monotonic() - began) / 60
    say(
        f"\nseed {asked.seed}: {events:,} events in {number - asked.first} sequences, {minutes:.1f} minutes"
    )
    say("screens met: " + ", ".join(f"{name} {count:,}" for name, count in player.seen.most_common()))
    for signature, count in kinds.most_common():
        say(f"{count:6}  {signature}")
    say("no crash, no hang, no garbage" if not kinds else f"{sum(kinds.values())} failures")
    return int(bool(kinds))


def tell(player: object, played: Sequence, failure: Failure, seed: str, asked: argparse.Namespace) -> None:
    """Say what failed, and how to see it again."""
    say(f"\nFAILED with seed {seed}: {failure.signature}\n{failure.detail[-3000:]}")
    short = shortest_failing(played, failure, player.play, asked.shrink)
    path = asked.out / f"{seed.replace(':', '-')}.jsonl"
    short.write(path)
    say(f"{len(short.steps)} of {len(played.steps)} steps: python -m tests.fuzz --replay {path}")
    say(path.read_text() if len(short.steps) < 40 else "")


def say(text: str) -> None:
    print(text, file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    main()
