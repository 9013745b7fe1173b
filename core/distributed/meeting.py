"""How ranks meet: by the variables that torchrun sets, at a key-value store of torch's."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from importlib.metadata import version
from threading import Thread

import torch
import torch.distributed as dist
from torch._C._distributed_c10d import PrefixStore, Store, TCPStore

from lrtui.core.distributed.group import Group
from lrtui.core.distributed.heartbeat import Heartbeat
from lrtui.core.distributed.place import Place
from lrtui.core.errors import RanksError
from lrtui.datasets.cores import cores

MEETING_SECONDS = 60.0
LOOK_SECONDS = 0.5  # between two looks whether who has not come yet still lives
FOREVER = timedelta(days=30)  # a paused run waits as long as a person likes: signs of life tell who is gone
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SAME = ("lrtui", "torch", "numpy", "polars")  # versions, or ranks would not do the same


def meet(place: Place, store: Store | None = None, gone: Callable[[int], bool] = lambda _: False) -> Group:
    """The group, once every rank is there; ``store`` is that of rank 0 where it has begun it already.

    Raises:
        RanksError: one does not come, or is another version of lrtui, torch, NumPy or polars.
    """
    seconds = timedelta(seconds=MEETING_SECONDS)
    try:
        if store is None:
            master = place.rank == 0 and not place.kept
            store = TCPStore(place.host, place.port, None, master, seconds, wait_for_workers=False)
        own = PrefixStore(f"lrtui/{place.attempt}", store)
        hosts = _register(own, place, gone)
        connection = TCPStore(
            place.host, place.port, None, False, timedelta(seconds=5), wait_for_workers=False
        )
    except RuntimeError as error:
        raise _not_met(place, error) from None
    heartbeat = Heartbeat(PrefixStore(f"lrtui/{place.attempt}", connection), place.rank, hosts, gone)
    heartbeat.start()
    if place.host in LOOPBACK:  # a machine may have a name that leads nowhere
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo" if os.uname().sysname == "Linux" else "lo0")
    _join(own, place, heartbeat)
    if torch.cuda.is_available():
        torch.cuda.set_device(place.here % torch.cuda.device_count())
    return Group(place.rank, place.world, max(1, cores() // place.here_world), heartbeat)


def _register(store: Store, place: Place, gone: Callable[[int], bool]) -> list[str]:
    """The host of each rank, once all have said that they are there."""
    told = {"host": socket.gethostname(), **{name: version(name) for name in SAME}}
    store.set(f"beat/{place.rank}", "0")  # first, for once all are here each is looked at
    store.set(f"here/{place.rank}", json.dumps(told))
    found = []
    for rank in range(place.world):
        key, until = f"here/{rank}", time.monotonic() + MEETING_SECONDS
        while not store.check([key]):
            if gone(rank):
                raise RanksError(
                    f"Rank {rank} of {place.world} has ended before it met the others.",
                    "Start the run again.",
                )
            if time.monotonic() > until:
                raise RanksError(
                    f"Rank {rank} of {place.world} has not come to {place.host} in {MEETING_SECONDS:g} s.",
                    "See that every machine starts torchrun with the same --nnodes and address.",
                )
            with suppress(RuntimeError):  # which says no more than that it is not there yet
                store.wait([key], timedelta(seconds=LOOK_SECONDS))
        found.append(json.loads(store.get(key)))
    for rank, other in enumerate(found):
        for name in SAME:
            if other[name] != found[0][name]:
                raise RanksError(
                    f"Rank {rank} on {other['host']} has {name} {other[name]}, "
                    f"and rank 0 on {found[0]['host']} has {found[0][name]}.",
                    "Install the same version on every machine.",
                )
    return [other["host"] for other in found]


def _join(store: Store, place: Place, heartbeat: Heartbeat) -> None:
    """Connect to all others, while signs of life tell whether they are there: torch waits for ever."""
    failed: list[RuntimeError] = []

    def connect() -> None:
        try:
            dist.init_process_group(
                "gloo", store=store, rank=place.rank, world_size=place.world, timeout=FOREVER
            )
        except RuntimeError as error:
            failed.append(error)

    thread = Thread(target=connect, daemon=True, name="lrtui-meeting")
    thread.start()
    while thread.is_alive():
        thread.join(LOOK_SECONDS / 10)
        if (verdict := heartbeat.look()) is not None:
            raise RanksError(verdict.what, verdict.fix)
    if failed:
        raise _not_met(place, failed[0])


def _not_met(place: Place, error: RuntimeError) -> RanksError:
    why = str(error).partition("\n")[0][:160].rstrip(".")
    return RanksError(
        f"Rank {place.rank} cannot meet the others at {place.host}:{place.port}: {why}.",
        "See that the machines reach each other, and that all are started.",
    )
