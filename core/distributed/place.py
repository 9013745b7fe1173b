"""Where a rank stands among all, as torchrun tells by variables. No torch in here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from lrtui.core.errors import RanksError


@dataclass(frozen=True)
class Place:
    """Where a rank stands, and where all meet.

    Attributes:
        here, here_world: the same among the ranks of this machine.
        kept: whether somebody else keeps the store, as torchrun does; else rank 0.
        attempt: restarts so far.
    """

    rank: int
    world: int
    here: int
    here_world: int
    host: str
    port: int
    kept: bool = False
    attempt: int = 0

    @classmethod
    def from_environment(cls, given: Mapping[str, str] = os.environ) -> Place:
        """What torchrun tells.

        Raises:
            RanksError: it tells nothing, or nonsense.
        """
        try:
            rank, world, port = (int(given[name]) for name in ("RANK", "WORLD_SIZE", "MASTER_PORT"))
            here = int(given.get("LOCAL_RANK", "0")), int(given.get("LOCAL_WORLD_SIZE", "1"))
            attempt = int(given.get("TORCHELASTIC_RESTART_COUNT", "0"))
            kept = given.get("TORCHELASTIC_USE_AGENT_STORE") == "True"
            host = given["MASTER_ADDR"]
        except (KeyError, ValueError):
            raise RanksError(
                "lrtui.train does not know its rank: it is one of the processes that torchrun starts.",
                "Start it by torchrun -m lrtui.train, or use lrtui train --processes on one machine.",
            ) from None
        if not (0 <= rank < world and 0 <= here[0] < here[1] and 0 < port < 65536 and host):
            raise RanksError(
                f"RANK={rank} of WORLD_SIZE={world}, LOCAL_RANK={here[0]} of LOCAL_WORLD_SIZE={here[1]} at "
                f"MASTER_ADDR={host}, MASTER_PORT={port} is no place among ranks.",
                "Start it by torchrun -m lrtui.train, which sets all of these.",
            )
        return cls(rank, world, *here, host, port, kept, attempt)


def hush_torch() -> None:
    """Keep torch's own lines on connections off the screen, which says it; before torch is imported."""
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "FATAL")
