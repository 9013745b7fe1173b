"""A preset by its name from the palette: one change of the form."""

from __future__ import annotations

from lrtui.core.config import Config
from lrtui.core.config.presets import BUILT_IN
from tests.tui.bench import dashboard


async def test_a_preset_is_laid_on_the_form_as_one_change_and_leaves_a_live_run_alone() -> None:
    async with dashboard() as bench:
        commands = {one.title: one.callback for one in bench.app.get_system_commands(bench.app.screen)}
        assert {f"Preset {name}" for name in BUILT_IN} <= commands.keys()
        await bench.press("ctrl+p")
        await bench.press(*"preset", "space", *"fast")
        assert "epochs=10 optimizer=newton" in bench.screen
        await bench.press("enter")
        assert await bench.comes(lambda: bench.app.session.config == BUILT_IN["fast"].laid(Config()))
        assert bench.banner == (
            "Preset 'fast': optimizer sgd → newton, epochs 200 → 10, weight decay 0 → 0.001. "
            "u takes it back."
        )
        commands["Preset fast"]()
        assert bench.banner == "The form is as preset 'fast' has it already."
        await bench.press("u")
        assert bench.app.session.config == Config()
        await bench.press("s")
        await bench.train()
        commands["Preset fast"]()
        assert "run 1 goes on: x stops it" in bench.banner
        assert bench.app.session.config == Config()
