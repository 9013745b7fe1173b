"""Cases in processes of their own: one core each, a limit on the time, and a new process after a crash."""

from __future__ import annotations

import os
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from tests.benchmarks.doctor.examining import Row, examine_case, heading
from tests.benchmarks.doctor.records import Case

LIMIT = 120.0  # seconds for a case
EVERY = 25  # cases from one word of progress to the next
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def examine(
    cases: Sequence[Case], *, jobs: int = 2, doctor: bool = True, rivals: bool = True
) -> Iterator[Row]:
    """A row for every case, as they come; progress on stderr."""
    waiting = list(reversed(cases))
    desks = [SessionState(doctor, rivals) for _ in range(max(1, min(jobs, len(cases))))]
    started, done = time.monotonic(), 0
    try:
        while waiting or any(session.case for session in desks):
            for session in desks:
                if session.case is None and waiting:
                    session.give(waiting.pop())
            wait([session.pipe for session in desks if session.case], timeout=1.0)
            for session in desks:
                row = session.take()
                if row is not None:
                    done += 1
                    _tell(done, len(cases), started)
                    yield row
    finally:
        for session in desks:
            session.close()


class SessionState:
    """A process that takes one case after another."""

    def __init__(self, doctor: bool, rivals: bool) -> None:
        self._what = doctor, rivals
        self.case: Case | None = None
        self._since = 0.0
        self._open()

    def _open(self) -> None:
        context = get_context("spawn")
        self.pipe, other = context.Pipe()
        before = {name: os.environ.get(name) for name in THREADS}
        os.environ.update(dict.fromkeys(THREADS, "1"))  # libraries read it as they are loaded
        self._process = context.Process(target=_work, args=(other, *self._what), daemon=True)
        self._process.start()
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        other.close()

    def give(self, case: Case) -> None:
        """Start on a case."""
        self.case, self._since = case, time.monotonic()
        self.pipe.send(case)

    def take(self) -> Row | None:
        """The row of the case where it is done, failed or too late."""
        case = self.case
        if case is None:
            return None
        row: Row | None = None
        try:
            if self.pipe.poll():
                row = self.pipe.recv()
        except (EOFError, OSError):
            row = self._again(case, "the process ended")
        if row is None and time.monotonic() - self._since > LIMIT:
            row = self._again(case, f"no answer in {LIMIT:g} s")
        if row is not None:
            self.case = None
        return row

    def _again(self, case: Case, why: str) -> Row:
        self.close()
        self._open()
        return {**heading(case), "kind": "broken", "why": why, "error": why}

    def close(self) -> None:
        """End the process."""
        self.pipe.close()
        self._process.kill()
        self._process.join()


def _work(pipe: Connection, doctor: bool, rivals: bool) -> None:
    import torch

    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # of scikit-learn's about convergence, on faulty data
    if doctor:
        _warm_up()
    while True:
        try:
            case = pipe.recv()
        except EOFError:
            return
        try:
            row: dict[str, Any] = examine_case(case, doctor=doctor, rivals=rivals)
        except Exception as error:  # noqa: BLE001 - a defect of the benchmark must not end the run
            why = f"{type(error).__name__}: {error}"[:500]
            row = {**heading(case), "kind": "broken", "why": why, "error": why}
        pipe.send(row)


def _warm_up() -> None:
    """The first diagnosis imports and compiles; no case shall pay for it."""
    from tests.benchmarks.doctor.building import build
    from tests.benchmarks.doctor.cases import find
    from tests.benchmarks.doctor.subject import ask

    for name in ("gaussians-200-0.7/lr-too-low:0/0", "xor-0.3/non-linear:0/0"):
        try:
            ask(build(find(name)).setup)
        except Exception:  # noqa: BLE001 - told where it is a case
            return


def _tell(done: int, of: int, started: float) -> None:
    if done % EVERY and done != of:
        return
    left = (time.monotonic() - started) / done * (of - done)
    print(f"{done:,} of {of:,} cases, {left / 60:.0f} min left", file=sys.stderr, flush=True)
