"""A script of a newcomer's own, end to end: shown as it runs, named, patched on two keys, and put back."""

from __future__ import annotations

from pathlib import Path

from tests.core.watch.scripts import changed
from tests.e2e.conftest import Ask, Open

SICK = changed(
    ("model(X).squeeze(1)\n    loss", "model(X)\n    loss"), ("nn.BCEWithLogitsLoss()", "nn.MSELoss()")
)


def test_a_sick_script_is_healed_by_two_keys(lrtui: Open, ask: Ask, tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text(SICK)
    screen = lrtui("watch", "train.py", OMP_NUM_THREADS="1", VIRTUAL_ENV="")
    screen.see("S Script")
    screen.see("train.py ended well")
    screen.see(r"Predictions and targets differ in shape\. d why  f fix it")
    screen.press("f")
    screen.see(r"\+ {4}loss = loss_fn\(out, y\.unsqueeze\(1\)\)")
    screen.press("enter")
    screen.see(r"run 2.*✓ finished")
    screen.see("before ⠂")
    assert (tmp_path / "train.py.orig").read_text() == SICK
    screen.press("u")
    screen.see(r"is as it was\. Space runs it again\.")
    assert script.read_text() == SICK
    screen.press("q")
    assert screen.end() == 0
    healed, sick = ask("runs")
    assert (healed["epochs"], sick["epochs"], sick["health"]) == (12, 12, "sick")
