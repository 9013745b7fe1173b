"""What the data suggests for a config: plain numbers that travel as JSON. No torch or NumPy in here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

WORD = "suggested"  # what people type for a number that the data is to suggest


@dataclass(frozen=True)
class Suggestions:
    """A value for some fields of a config, by their names; ``None`` where theory is silent.

    Attributes:
        lr: the learning rate that is safe by smoothness.
        epochs: the fewest after which hardly anything of the way is left, at the config's own lr.
        weight_decay: the one that does best on rows not seen.
    """

    lr: float | None = None
    epochs: int | None = None
    weight_decay: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """For the store."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Suggestions:
        """The suggestions that ``to_dict`` told; what is missing is ``None``."""
        return cls(**{name: data.get(name) for name in FIELDS})


FIELDS = tuple(field.name for field in fields(Suggestions))
