"""Where each pane stands: a pure function of the terminal's size and the focused pane."""

from __future__ import annotations

from typing import NamedTuple

from lrtui.core.config import knobs

PANES = (
    "dataset",
    "hyperparameters",
    "loss",
    "predictions",
    "metrics",
    "runs",
    "doctor",
    "inside",
    "script",
)
PANE_KEYS = dict(zip(PANES, "DHLPMROIS", strict=True))  # digits are typed into a field
OF_FORM, OF_SCRIPT = ("dataset", "hyperparameters"), ("script",)  # what belongs to one kind of run alone
# What takes the place of the predictions while it has the focus.
LOWER = ("metrics", "runs", "doctor", "inside", "script")
# What stands where the predictions do until those or another of the lower panes are gone to: both show
# what becomes of a threshold, which is moved on the form.
HOLDING = ("predictions", "inside")
MIN_TWO_COLUMNS = (76, 17)  # of the body, as in 80×24 with all that can be told around it; below, one pane
FORM_WIDTH = 28
FORM_FIELDS = len(knobs())


class Box(NamedTuple):
    """A place in the body, in cells."""

    x: int
    y: int
    width: int
    height: int


def held(before: str, focused: str) -> str:
    """The pane that stands where the predictions do, once a pane has got the focus."""
    if focused in HOLDING:
        return focused
    return HOLDING[0] if focused in LOWER else before


def arrange(
    width: int,
    height: int,
    focused: str,
    held: str = HOLDING[0],
    *,
    whole: bool = False,
    script: bool = False,
    least: tuple[int, int] = MIN_TWO_COLUMNS,
) -> dict[str, Box]:
    """The place of every pane that is shown in a body of this size; the others are hidden.

    ``held`` stands where the predictions do. With ``whole`` the focused pane has all of it, and so it has
    in less than ``least``. Beside a ``script`` there is no form.
    """
    if whole or width < least[0] or height < least[1]:
        return {focused: Box(0, 0, width, height)}
    if script:
        return _with_script(width, height, focused)
    if width >= 140 and height >= 30:
        boxes = _three_columns(width, height)
        if focused == "script":
            boxes["script"] = boxes.pop("doctor")
        boxes[held] = boxes.pop("predictions")
        return boxes
    if height >= 32:
        return _two_tall_columns(width, height, focused, held)
    return _two_columns(width, height, focused, held)


def _two_columns(width: int, height: int, focused: str, held: str) -> dict[str, Box]:
    """80×24: four panes at once; the others take the lower right while they have the focus."""
    left = FORM_WIDTH if width < 110 else 34
    right = width - left
    upper = (height + 1) // 2
    lower = focused if focused in LOWER else held
    return {
        "dataset": Box(0, 0, left, 3),
        "hyperparameters": Box(0, 3, left, height - 3),
        "loss": Box(left, 0, right, upper),
        lower: Box(left, upper, right, height - upper),
    }


def _two_tall_columns(width: int, height: int, focused: str, held: str) -> dict[str, Box]:
    """120×40: all but the doctor, who takes the lower right while it has the focus."""
    left = 30 if width < 110 else 38
    right = width - left
    data = 6
    form = min(FORM_FIELDS + 7, height - data - 5)
    metrics = 8
    upper = (height - metrics + 1) // 2
    boxes = {
        "dataset": Box(0, 0, left, data),
        "hyperparameters": Box(0, data, left, form),
        "runs": Box(0, data + form, left, height - data - form),
        "loss": Box(left, 0, right, upper),
    }
    if focused in ("doctor", "script"):
        return {**boxes, focused: Box(left, upper, right, height - upper)}
    return {
        **boxes,
        held: Box(left, upper, right, height - metrics - upper),
        "metrics": Box(left, height - metrics, right, metrics),
    }


def _three_columns(width: int, height: int) -> dict[str, Box]:
    """160×50: everything at once."""
    left, right = 36, min(max(42, width // 4), 60)
    middle = width - left - right
    data = 8 if height >= 42 else 6  # what became of a table's columns takes a few lines
    form = min(FORM_FIELDS + 8, height - data - 5)  # below the fields: a limit, a blank, and help
    upper = (height + 1) // 2
    metrics = min(17, height // 3 + 2)
    return {
        "dataset": Box(0, 0, left, data),
        "hyperparameters": Box(0, data, left, form),
        "runs": Box(0, data + form, left, height - data - form),
        "loss": Box(left, 0, middle, upper),
        "predictions": Box(left, upper, middle, height - upper),
        "doctor": Box(left + middle, 0, right, height - metrics),
        "metrics": Box(left + middle, height - metrics, right, metrics),
    }


def _with_script(width: int, height: int, focused: str) -> dict[str, Box]:
    """The plots above, the script below; where there is room, the doctor and the numbers at the right."""
    wide, tall = width >= 140 and height >= 30, height >= 32
    right = min(max(42, width // 4), 60) if wide else 0
    left = width - right
    upper = (height + 1) // 2 if wide or not tall else (height + 2) // 3
    lower = height - upper if wide or not tall else (height - upper) // 2
    below = height - upper - lower
    boxes = {"loss": Box(0, 0, left // 2, upper), "predictions": Box(left // 2, 0, left - left // 2, upper)}
    if wide:
        runs, metrics = min(8, lower // 3), min(17, height // 3 + 2)
        boxes |= {
            "script": Box(0, upper, left, lower - runs),
            "runs": Box(0, height - runs, left, runs),
            "doctor": Box(left, 0, right, height - metrics),
            "metrics": Box(left, height - metrics, right, metrics),
        }
    else:
        boxes["script"] = Box(0, upper, width, lower)
        if below:
            numbers = 30
            boxes |= {
                "doctor": Box(0, upper + lower, width - numbers, below),
                "metrics": Box(width - numbers, upper + lower, numbers, below),
            }
    if focused not in boxes:  # it takes the script's place
        boxes[focused] = boxes.pop("script")
    return boxes
