"""The processes of a run as torch.distributed connects them: gloo on processors, NCCL on GPUs."""

from __future__ import annotations

import pickle
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NoReturn

import torch
import torch.distributed as dist
from torch import Tensor

from lrtui.core.distributed.following import END
from lrtui.core.distributed.heartbeat import Heartbeat, Verdict
from lrtui.core.errors import LrtuiError, RanksError

LOOK_SECONDS = 0.5  # between two looks for a verdict while this rank waits for others
SAID = 512  # bytes of what is said at once; of more, the rest follows
LENGTH = 8
FAREWELL_SECONDS = 1.0


class Group:
    """``Ranks`` and ``Peers`` of processes that have met.

    Attributes:
        over: whether it has come to its end. sent: bytes that this rank has sent to others in sums, as
            counted where ranks stand in a ring: 2·(W − 1)/W of each.
    """

    def __init__(self, rank: int, world: int, threads: int, heartbeat: Heartbeat) -> None:
        self.rank, self.world, self.threads = rank, world, threads
        self.heartbeat = heartbeat
        self.sent = 0.0
        self.over = False
        self._cards: dist.ProcessGroup | None = None

    # --- what trainers and readers ask ---

    def gather(self, value: Any) -> list[Any]:
        """What every process gives, in the order of their ranks."""
        data = torch.frombuffer(bytearray(pickle.dumps(value)), dtype=torch.uint8)
        sizes = [torch.zeros(1, dtype=torch.int64) for _ in range(self.world)]
        self._wait(dist.all_gather(sizes, torch.tensor([len(data)]), async_op=True))
        longest = max(int(size) for size in sizes)
        rooms = [torch.empty(longest, dtype=torch.uint8) for _ in range(self.world)]
        padded = torch.empty(longest, dtype=torch.uint8)
        padded[: len(data)] = data
        self._wait(dist.all_gather(rooms, padded, async_op=True))
        return [_read(room[: int(size)]) for room, size in zip(rooms, sizes, strict=True)]

    def sum(self, *values: Tensor) -> Sequence[Tensor]:
        """The sums over all ranks, in float64."""
        device = next((value.device for value in values if value.is_cuda), values[0].device)
        flat = torch.cat([value.reshape(-1).to(device, torch.float64) for value in values])
        group = self._group_of_cards() if flat.is_cuda else None
        self._wait(dist.all_reduce(flat, group=group, async_op=True))
        self.sent += 2 * (self.world - 1) / self.world * flat.numel() * flat.element_size()
        parts = torch.split(flat, [value.numel() for value in values])
        return [part.view(value.shape) for part, value in zip(parts, values, strict=True)]

    def from_first(self, value: Tensor) -> Tensor:
        """The tensor that rank 0 has."""
        value = value.contiguous()
        group = self._group_of_cards() if value.is_cuda else None
        self._wait(dist.broadcast(value, 0, group=group, async_op=True))
        return value

    def lead(self, what: str, **details: Any) -> None:
        """On rank 0: tell all others what comes now."""
        if self.rank > 0:
            return
        data = pickle.dumps((what, details))
        said = torch.zeros(SAID, dtype=torch.uint8)
        first = len(data).to_bytes(LENGTH, "little") + data[: SAID - LENGTH]
        said[: len(first)] = torch.frombuffer(bytearray(first), dtype=torch.uint8)
        self._wait(dist.broadcast(said, 0, async_op=True))
        if rest := data[SAID - LENGTH :]:
            more = torch.frombuffer(bytearray(rest), dtype=torch.uint8)
            self._wait(dist.broadcast(more, 0, async_op=True))

    def heard(self) -> tuple[str, dict[str, Any]]:
        """On the others: what rank 0 says next."""
        said = torch.zeros(SAID, dtype=torch.uint8)
        self._wait(dist.broadcast(said, 0, async_op=True))
        data = said.numpy().tobytes()
        length, data = int.from_bytes(data[:LENGTH], "little"), data[LENGTH:]
        if length > len(data):
            more = torch.empty(length - len(data), dtype=torch.uint8)
            self._wait(dist.broadcast(more, 0, async_op=True))
            data += more.numpy().tobytes()
        what, details = pickle.loads(data[:length])  # noqa: S301 - rank 0 is this very program
        return what, details

    # --- the end ---

    def end(self) -> None:
        """On rank 0: all is done."""
        self.over = True
        try:
            self.lead(END)
        except RanksError:  # who is gone by now need not be told
            self.heartbeat.stop()
            return
        self.close()

    def close(self) -> None:
        """Leave the others, who all have come to the end."""
        self.heartbeat.stop()
        dist.destroy_process_group()

    def give_up(self, error: LrtuiError) -> None:
        """Tell all others that this rank cannot go on, and why."""
        self.over = True
        if not isinstance(error, RanksError):
            named = self.heartbeat.name(self.rank)
            what = f"{named[0].upper()}{named[1:]} cannot go on: {error.what}"
            self.heartbeat.tell(Verdict(self.rank, what, error.fix, said=self.rank == 0))
        if self.rank == 0:
            time.sleep(FAREWELL_SECONDS)  # with this process the store may end in which they read it
        self.heartbeat.stop()

    def _wait(self, work: Any) -> None:
        """Until all ranks have done their part of it.

        Raises:
            RanksError: one of them never will.
        """
        while True:
            try:
                work.wait(timedelta(seconds=LOOK_SECONDS))
                return
            except RuntimeError as error:
                if self.heartbeat.look() is None and not work.is_completed():
                    continue
                self._give_in(error)

    def _give_in(self, error: RuntimeError) -> NoReturn:
        verdict = self.heartbeat.await_verdict()
        if verdict is None:
            why = str(error).partition("\n")[0][:200].rstrip(".")
            raise RanksError(f"The connection between the ranks broke: {why}.", "Start the run again.")
        raise RanksError(verdict.what, verdict.fix) from None

    def _group_of_cards(self) -> dist.ProcessGroup | None:
        if self._cards is None:
            self._cards = dist.new_group(backend="nccl")
        return self._cards


def _read(data: Tensor) -> Any:
    return pickle.loads(data.numpy().tobytes())  # noqa: S301 - all ranks are this very program
