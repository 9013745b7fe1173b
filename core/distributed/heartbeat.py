"""Signs of life: every rank counts up in torch's key-value store, in a thread of its own.

So a rank that computes for long is no false alarm, and one that was stopped is found though no connection
breaks. Rank 0 looks at all others, and each of them at rank 0; who finds that one is gone says so to all.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from threading import Event, Thread

from torch._C._distributed_c10d import Store

BEAT_SECONDS = 0.5
SILENT_SECONDS = 5.0  # without a sign: all have ended within ten seconds
FAILED, ENDED = "failed", "ended"


@dataclass(frozen=True)
class Verdict:
    """Why the ranks cannot go on, in two sentences, and which of them it is; ``said``: it was told."""

    rank: int
    what: str
    fix: str
    said: bool = False


class Heartbeat:
    """The thread of one rank. ``verdict`` is set once one of them cannot go on."""

    def __init__(
        self,
        store: Store,
        rank: int,
        hosts: Sequence[str],
        gone: Callable[[int], bool] = lambda _: False,
        silent: float = SILENT_SECONDS,
    ) -> None:
        """``store`` is a connection of its own; ``gone`` says of a rank that its process has ended."""
        self.verdict: Verdict | None = None
        self._store, self._rank, self._hosts = store, rank, hosts
        self._gone, self._silent = gone, silent
        others = range(1, len(hosts)) if rank == 0 else (0,)
        self._seen = {other: (b"", time.monotonic()) for other in others}
        self._over = Event()
        self._count = self._counted = 0
        self._same_since = self._looked_at = time.monotonic()
        self._no_sign = f"has given no sign of life for {silent:g} s"
        self._thread = Thread(target=self._beat, daemon=True, name="lrtui-heartbeat")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more: all have come to the end."""
        self._over.set()

    def name(self, rank: int) -> str:
        """``rank 3 on host``."""
        return f"rank {rank} on {self._hosts[rank]}"

    def tell(self, verdict: Verdict) -> None:
        """Say to all why they cannot go on; the first word stands."""
        self.verdict = self.verdict or verdict
        with suppress(RuntimeError):
            self._store.compare_set(FAILED, "", json.dumps(asdict(verdict)))

    def look(self) -> Verdict | None:
        """The verdict, or that the store of rank 0 does not answer; asked while others are waited for."""
        now = time.monotonic()
        if self._count != self._counted or now - self._looked_at > self._silent / 2:
            self._counted, self._same_since = self._count, now
        self._looked_at = now
        if self._rank > 0 and now - self._same_since > self._silent and not self._over.is_set():
            self.verdict = self.verdict or self._silence(0, self._no_sign)
        return self.verdict

    def await_verdict(self) -> Verdict | None:
        """Why a connection broke, once that is known."""
        until = time.monotonic() + self._silent + 4 * BEAT_SECONDS
        while self.verdict is None and time.monotonic() < until and not self._over.wait(BEAT_SECONDS / 5):
            pass
        return self.verdict

    def _beat(self) -> None:
        while not self._over.wait(BEAT_SECONDS):
            try:
                self._store.set(f"beat/{self._rank}", str(self._count))
                self._look()
                self._count += 1
            except RuntimeError:  # where the store is, rank 0 was
                if not self._over.is_set():
                    self.verdict = self.verdict or self._silence(0, "has ended")
                return

    def _look(self) -> None:
        if self._store.check([FAILED]):
            told = json.loads(self._store.get(FAILED))
            self.verdict = self.verdict or Verdict(**told)
        now = time.monotonic()
        ranks = list(self._seen)
        beats = self._store.multi_get([f"beat/{rank}" for rank in ranks]) if ranks else []
        for rank, beat in zip(ranks, beats, strict=True):
            before, since = self._seen[rank]
            if beat != before:
                self._seen[rank] = beat, now
            if self._gone(rank):
                self._find(self._silence(rank, "has ended"))
            elif beat == before and now - since > self._silent:
                self._find(self._silence(rank, self._no_sign))

    def _find(self, verdict: Verdict) -> None:
        if self.verdict is None and not self._over.is_set():
            self.tell(verdict)

    def _silence(self, rank: int, what: str) -> Verdict:
        named = self.name(rank)
        return Verdict(
            rank,
            f"{named[0].upper()}{named[1:]} {what}, so no rank can go on.",
            "lrtui resume takes the run up where it was last kept, on as many processes as you like.",
        )
