"""What an entry of the catalogue is: a view's name, and what it makes of a trained model.

The entries stand in ``views/``, a file each; ``catalogue.py`` finds them there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from lrtui.core.inside.record import Asked, Seen
from lrtui.core.inside.trained import Trained


@dataclass(frozen=True)
class Found:
    """What a view shows, and all of it as JSON, made when somebody asks."""

    seen: Seen
    data: Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class InsideView:
    """An entry.

    Attributes:
        id: as people type it; that of its file with dashes. title: as they read it.
        place: in the order of all views.
        look: makes it; may raise ``LrtuiError``, and ``Cancelled`` where ``Trained.go_on`` says no.
        heeds: of what a person may choose, that which changes it.
        whole: it needs the dataset as it was read, not only what was made of it.
        follows: it is made anew while a run goes on; else only of a run that rests.
    """

    id: str
    title: str
    place: int
    look: Callable[[Trained, Asked], Found] = field(repr=False)
    heeds: tuple[Literal["threshold", "class", "features"], ...] = ()
    whole: bool = False
    follows: bool = True
