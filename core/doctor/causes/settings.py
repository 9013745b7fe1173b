"""The settings that can keep training from what could be had, the more particular first.

Of several that heal alone, the first is named: a saturated sigmoid is a bad start too, but not the other
way round.
"""

from __future__ import annotations

from lrtui.core.doctor.causes.base import Setting
from lrtui.core.doctor.causes.scale import UNCENTRED, UNSCALED
from lrtui.core.doctor.causes.start import BAD_INIT, NOT_SHUFFLED, SATURATED, WEIGHT_DECAY
from lrtui.core.doctor.causes.steps import BATCH_TOO_SMALL, LR_TOO_HIGH, LR_TOO_LOW, TOO_FEW_EPOCHS

SETTINGS: tuple[Setting, ...] = (
    SATURATED,
    BAD_INIT,
    WEIGHT_DECAY,
    NOT_SHUFFLED,
    UNCENTRED,
    UNSCALED,
    BATCH_TOO_SMALL,
    LR_TOO_HIGH,
    LR_TOO_LOW,
    TOO_FEW_EPOCHS,
)
