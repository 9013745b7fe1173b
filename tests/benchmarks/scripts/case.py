"""``Case``: a script, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.doctor.records import Half

HEALTHY = "healthy"


@dataclass(frozen=True)
class Case:
    """A script and what is known of it.

    Attributes:
        id: names it. group: its cause, or ``healthy``.
        text: the script. twin: it repaired; nothing where no edit heals, or it is healthy.
        gate: by which it counts. also: other ids that are as right a name.
        healable: whether an edit can heal it. half: ``tuning``, or ``apart`` from it.
    """

    id: str
    group: str
    text: str
    twin: str = ""
    gate: str = "learns"
    also: tuple[str, ...] = ()
    healable: bool = True
    half: Half = "apart"

    @property
    def sick(self) -> bool:
        """Whether there is something to find."""
        return self.group != HEALTHY

    @property
    def file(self) -> str:
        """A name for its file."""
        return self.id.replace("/", "-") + ".py"
