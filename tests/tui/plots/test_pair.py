"""Two plots side by side: as wide as there is room for, each under its title."""

from __future__ import annotations

import pytest

from lrtui.tui.panes.predictions import GAP, LEAST, beside
from lrtui.tui.plots.lines import plain_text
from lrtui.tui.plots.predictions import predictions_frame

COUNTS = ([5] * 40, [3] * 40)


@pytest.mark.parametrize("width", [LEAST[0], 37, 50, 80, 133])
@pytest.mark.parametrize("height", [LEAST[1], 12, 30])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_both_fit_beside_each_other(width: int, height: int, ascii_only: bool) -> None:
    left = (width - GAP) // 2
    right = width - GAP - left
    one, other = (
        predictions_frame(COUNTS, width=columns, height=height - 1, ascii_only=ascii_only)
        for columns in (left, right)
    )
    frame = [plain_text(line) for line in beside(one, other, ("before", "after"), left)]
    assert len(frame) == height
    assert all(len(text) <= width for text in frame)
    assert frame[0].index("after") == left + GAP
    assert [text[left + GAP :] for text in frame[1:]] == [plain_text(line) for line in other]
