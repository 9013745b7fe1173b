"""The door: a view of a trained model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from lrtui.core.errors import ConfigError
from lrtui.core.inside.catalogue import views
from lrtui.core.inside.names import check_view
from lrtui.core.inside.record import Asked, Seen
from lrtui.core.inside.trained import InsideError, Trained
from lrtui.core.inside.view import Found
from lrtui.datasets.text import listed

NEAR = 1e-3  # of a loss, or so many nats: float32 sums it a little otherwise
SURE = 20.0  # nats: of more, float32 tells little
EXACT = 15.0  # logits beyond which the loss bce, as it is trained, is clipped


def look(
    trained: Trained, view: str, asked: Asked, run: int = 0, tell: Callable[[Seen], None] = lambda _: None
) -> Found:
    """What a view shows; ``tell`` hears of what is there before all is.

    Raises:
        ConfigError: there is none of this name. LrtuiError: it cannot be shown. Cancelled: nobody waits.
    """
    check_view(view)
    entry = views()[view]

    def named(seen: Seen) -> Seen:
        names = tuple(views())
        return replace(seen, view=view, title=entry.title, run=run, epoch=trained.epoch, views=names)

    trained.one_class(asked)  # whatever is shown, no name may be wrong
    trained.tell = lambda seen: tell(named(seen))
    with np.errstate(all="ignore"):
        found = entry.look(trained, asked)
    return replace(found, seen=named(found.seen))


def check_heeded(view: str, asked: Asked, *, binary: bool) -> None:
    """See that all that was chosen changes what is shown.

    Raises:
        ConfigError: some of it would say nothing.
    """
    heeds = views()[view].heeds
    chosen = {"threshold": asked.threshold, "class": asked.class_, "features": asked.features or None}
    for name, value in chosen.items():
        if value is not None and name not in heeds:
            fitting = [one.id for one in views().values() if name in one.heeds]
            raise ConfigError(
                f"--{name} says nothing about {view}.", f"Leave it out; it is for {listed(fitting)}."
            )
    if asked.threshold is not None and not binary:
        raise ConfigError(
            "--threshold says nothing of more than two classes: the likeliest is predicted.",
            "Leave it out.",
        )


def check_same_data(trained: Trained, test_loss: float) -> None:
    """See that the data is what the run was measured on, by the test loss that was kept with the weights.

    Raises:
        InsideError: it is not.
    """
    if trained.config.loss == "bce" and np.abs(trained.test_logits).max(initial=0.0) > EXACT:
        return
    _, weights = trained.row_weights
    losses = trained.test_losses
    found = float((losses if weights is None else losses * weights).mean())
    known = np.isfinite([found, test_loss]).all() and max(found, test_loss) < SURE
    if known and abs(found - test_loss) > NEAR * max(1.0, test_loss):
        raise InsideError(
            f"The data has changed since the run was trained: its test loss was {test_loss:.4g}, "
            f"and would now be {found:.4g}.",
            "Bring the data back as it was, or train anew.",
        )


views()  # an engine imports before it begins threads, and these import nothing
