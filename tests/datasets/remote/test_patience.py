"""Work that waits for the other side can be watched and called off, however soon it is done."""

from __future__ import annotations

import pytest

from lrtui.datasets.progress import Cancelled, Progress, Step
from lrtui.datasets.remote.patience import each_in_time, in_time


def test_work_that_is_done_at_once_is_told_of() -> None:
    steps: list[Step] = []
    assert each_in_time(abs, [-1, -2], Progress(tell=steps.append), "asking") == [1, 2]
    assert steps[0].what == "asking"


def test_work_that_was_called_off_is_not_begun() -> None:
    done: list[str] = []

    def call_off() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        in_time(lambda: done.append("work"), lambda: 0, call_off)
    assert done == []
