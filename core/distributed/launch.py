"""Ranks on this machine: this process is rank 0, and starts the others."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from lrtui.core.errors import EngineError, LrtuiError, RanksError

if TYPE_CHECKING:
    from lrtui.core.distributed.group import Group

HERE = "127.0.0.1"
ENDING_SECONDS, HASTY_SECONDS = 5.0, 0.5  # for the others, once all is done, or one cannot go on


@contextmanager
def ranks_here(count: int) -> Iterator[Group]:
    """So many ranks on this machine, all in one group, for a block that leads them.

    Raises:
        RanksError: one does not start.
    """
    from torch._C._distributed_c10d import TCPStore

    from lrtui.core.distributed.meeting import meet
    from lrtui.core.distributed.place import Place

    store = TCPStore(HERE, 0, None, True, timedelta(seconds=60), wait_for_workers=False)
    others = [_start(rank, count, store.port) for rank in range(1, count)]
    patience = HASTY_SECONDS
    try:
        place = Place(0, count, 0, count, HERE, store.port)
        group = meet(place, store, lambda rank: others[rank - 1].poll() is not None)
        with leading(group):
            yield group
        patience = ENDING_SECONDS
    finally:
        _see_off(others, patience)


@contextmanager
def leading(group: Group) -> Iterator[Group]:
    """A block of rank 0 that ends for all ranks, whichever way it does."""
    try:
        yield group
    except LrtuiError as error:
        group.give_up(error)
        raise
    except BaseException:
        group.give_up(EngineError("it was ended.", "Start the run again."))
        raise
    group.end()


def _start(rank: int, count: int, port: int) -> subprocess.Popen[bytes]:
    told = {
        "RANK": rank,
        "WORLD_SIZE": count,
        "LOCAL_RANK": rank,
        "LOCAL_WORLD_SIZE": count,
        "MASTER_ADDR": HERE,
        "MASTER_PORT": port,
    }
    environment = {**os.environ, **{name: str(value) for name, value in told.items()}}
    for name in ("TORCHELASTIC_USE_AGENT_STORE", "TORCHELASTIC_RESTART_COUNT"):
        environment.pop(name, None)
    try:
        return subprocess.Popen(
            # -P: the person's working directory must not shadow modules.
            [sys.executable, "-P", "-m", "lrtui.core.distributed.rank"],
            stdin=subprocess.PIPE,  # its end tells who has not met the others that this process is gone
            stdout=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # Ctrl+C is for rank 0, which tells the others
        )
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise RanksError(f"Rank {rank} cannot be started: {why}.", "Give fewer --processes.") from None


def _see_off(others: list[subprocess.Popen[bytes]], patience: float) -> None:
    """Wait for the others to end; who does not is ended."""
    for process in others:
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()
