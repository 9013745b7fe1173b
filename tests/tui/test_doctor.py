"""The doctor on the screen: what it says, where it says it, and the fix on one key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lrtui.core.doctor.diagnosis import Diagnosis, Health, Scores
from lrtui.core.errors import EngineError
from lrtui.core.store import Work
from lrtui.tui.screens.doctor import DoctorScreen
from lrtui.tui.status import Banner
from tests.core.letters import AFTER, UNSCALED, Says, TakesItsTime, letter, two_changes
from tests.tui.bench import dashboard, looked_at

LONG = 10_000_000
SICK = {"scaling": "none", "lr": 0.01}
ARROW = "→"


# --- what stands in the banner ---


async def test_the_verdict_takes_the_place_of_the_symptom() -> None:
    async with dashboard("example-scaling", doctor=Says(letter()), **SICK) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.examine()
        assert bench.banner == "⚠ One label: Unscaled features. d why  f fix it"
        assert "d doctor" in bench.screen
        assert "f fix it" in bench.screen.split("\n")[-2]


async def test_while_the_doctor_looks_the_symptom_stands_and_nothing_can_be_fixed() -> None:
    doctor = TakesItsTime(letter())
    async with dashboard("example-scaling", doctor=doctor, **SICK) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.examine(Work.LOOKING)
        assert "Every test row is predicted 1" in bench.banner
        await bench.press("f")
        assert "Nothing is proved yet" in bench.banner
        assert len(bench.store.runs.recent()) == 1
        doctor.finish = True
        await bench.examine()
        assert "Unscaled features" in bench.banner


@pytest.mark.parametrize(
    ("found", "banner", "notice"),
    [
        (letter(Health.HEALTHY), "The doctor finds nothing wrong. d more", "nothing to fix"),
        (
            letter(Health.UNLEARNABLE, findings=(replace(UNSCALED, title="No signal", fix=None),)),
            "⚠ One label: No signal. No setting can help. d why",
            "No setting can fix this",
        ),
        (letter(Health.CANNOT_TELL), "The doctor cannot tell why. d more", "cannot tell"),
        (
            EngineError("It cannot be had.", "Load it."),
            "Every test row is predicted 1",
            "It cannot be had.",
        ),
        (
            letter(Health.IMPROVABLE),
            "△ Labels fine, probabilities poor: Unscaled features. d why  f fix it",
            "",
        ),
        (two_changes(), "⚠ One label: Unscaled features + Learning rate too high. d why  f fix it", ""),
    ],
)
async def test_every_verdict_has_its_line_and_says_why_there_is_no_fix(
    found: Diagnosis | Exception, banner: str, notice: str
) -> None:
    async with dashboard("example-scaling", doctor=Says(found), **SICK) as bench:
        await looked_at(bench)
        assert banner in bench.banner
        if notice:
            assert "f fix it" not in bench.screen
            await bench.press("f")
            assert notice in bench.banner
            assert len(bench.store.runs.recent()) == 1


async def test_a_first_glance_is_said_to_be_no_proof() -> None:
    async with dashboard("example-scaling", epochs=LONG, **SICK) as bench:
        await bench.press("space")
        await bench.train(8)
        run = bench.app.session.run
        assert run is not None
        suspect = letter(Health.CANNOT_TELL, findings=(replace(UNSCALED, proved=False),))
        bench.store.diagnoses.glance(run.id, run.epoch, suspect, bench.app.session.engine.token)
        await bench.train()
        assert bench.banner == "⚠ One label: perhaps Unscaled features; not proved yet. d why"
        await bench.press("d")
        assert "A first glance after epoch" in bench.screen
        assert "Unscaled features: not proved" in bench.screen


async def test_what_was_said_of_a_paused_run_is_not_said_of_the_run_that_goes_on() -> None:
    async with dashboard("example-scaling", epochs=LONG, doctor=Says(letter()), **SICK) as bench:
        await bench.press("s")
        await bench.train()
        await bench.examine()
        assert "Unscaled features" in bench.banner
        await bench.press("space")
        await bench.train(8)
        assert "Unscaled features" not in bench.banner
        await bench.press("d")
        assert "As it stood after epoch 1; it has gone on since." in bench.screen


@pytest.mark.parametrize("status", list(Health))
async def test_every_verdict_stands_in_the_title_and_in_the_list_of_runs(status: Health) -> None:
    async with dashboard("example-scaling", (160, 50), doctor=Says(letter(status)), **SICK) as bench:
        await looked_at(bench)
        word = str(status).replace("-", " ")
        assert f"7 Doctor ─ {word}" in bench.screen
        line = next(line for line in bench.screen.split("\n") if "✓ example" in line)
        assert word in line


@pytest.mark.parametrize("status", list(Health))
async def test_poor_probabilities_are_told_in_another_colour_than_a_sick_run(status: Health) -> None:
    async with dashboard("example-scaling", doctor=Says(letter(status)), **SICK) as bench:
        await looked_at(bench)
        classes = bench.app.query_one(Banner).classes
        assert ("-mild" in classes) == (status is Health.IMPROVABLE)
        assert ("-trouble" in classes) == (status not in (Health.IMPROVABLE, Health.HEALTHY))


async def test_the_fix_of_a_run_with_poor_probabilities_is_applied_on_one_key() -> None:
    async with dashboard("example-scaling", doctor=Says(letter(Health.IMPROVABLE)), **SICK) as bench:
        await looked_at(bench)
        assert "f fix it" in bench.screen.split("\n")[-2]
        await bench.press("f")
        assert bench.app.session.config.scaling == "standard"
        assert len(bench.store.runs.recent()) == 2


async def test_a_verdict_leaves_the_list_once_the_run_has_gone_on() -> None:
    doctor = Says(letter(Health.IMPROVABLE))
    async with dashboard("example-scaling", (160, 50), epochs=LONG, doctor=doctor, **SICK) as bench:
        await bench.press("s")
        await bench.train()
        await bench.examine()
        await bench.pilot.pause(0.2)
        assert bench.app.poller.verdicts == {1: Health.IMPROVABLE}
        await bench.press("space")
        await bench.train(8)
        assert bench.app.poller.verdicts == {}


# --- the letter ---


async def test_d_opens_the_letter_and_closes_it() -> None:
    async with dashboard("example-scaling", doctor=Says(letter()), **SICK) as bench:
        await looked_at(bench)
        await bench.press("d")
        assert isinstance(bench.app.screen, DoctorScreen)
        for words in (
            "Doctor on run 1 ─ sick",
            "Nothing is scaled, so every row gets one label.",
            "Unscaled features: proved",
            "steepest direction of the loss against the flattest",
            "(condition number)",
            "120 million",
            f"fix: scaling none {ARROW} standard",
            "before",
            "21.3",
            "after",
            "0.074",
            "best linear",
            "test loss",
            "closes 100 % of the gap to the best that can be had",
        ):
            assert words in bench.screen, words
        await bench.press(*"jjjjjjjjjjjj")
        for words in (
            "Looked at, and not named",
            "Bad first weights: zeros end at the same loss",
            "Measured on 455 rows.",
        ):
            assert words in bench.screen, words
        await bench.press("d")
        assert not isinstance(bench.app.screen, DoctorScreen)
        await bench.press("d", "escape")
        assert not isinstance(bench.app.screen, DoctorScreen)


async def test_an_open_letter_follows_what_the_doctor_does() -> None:
    doctor = TakesItsTime(letter())
    async with dashboard("example-scaling", doctor=doctor, **SICK) as bench:
        await bench.press("d")
        assert "The doctor looks at every run that ends" in bench.screen
        await bench.press("d", "space")
        await bench.train_to_the_end()
        await bench.examine(Work.LOOKING)
        await bench.press("d")
        assert "looking at the run as it stood after epoch 200" in bench.screen
        doctor.finish = True
        await bench.examine()
        await bench.pilot.pause(0.2)
        assert "Unscaled features: proved" in bench.screen
        await bench.press("f")
        assert bench.app.session.config.scaling == "standard"


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40), (160, 50)])
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_the_letter_fits_every_screen(size: tuple[int, int], ascii_only: bool) -> None:
    async with dashboard(
        "example-scaling", size, doctor=Says(two_changes()), ascii_only=ascii_only, **SICK
    ) as bench:
        await looked_at(bench)
        await bench.press("7")
        assert "7 Doctor" in bench.screen
        assert "Nothing is scaled" in bench.screen
        await bench.hold("j", 80)
        assert "The doctor took 0.7 s." in bench.screen
        await bench.hold("k", 80)
        await bench.press("d")
        assert isinstance(bench.app.screen, DoctorScreen)
        await bench.hold("j", 100)
        assert "The doctor took 0.7 s." in bench.screen
        if ascii_only:
            assert bench.screen.isascii() or bench.app.get_line_filters()


async def test_a_large_screen_has_the_pane_beside_the_plots_and_d_goes_there() -> None:
    async with dashboard("example-scaling", (160, 50), doctor=Says(letter()), **SICK) as bench:
        for title in (
            "1 Dataset",
            "2 Hyper",
            "3 Loss",
            "4 Pred",
            "5 Metrics",
            "6 Runs",
            "7 Doctor ─ nothing yet",
        ):
            assert title in bench.screen, title
        await looked_at(bench)
        assert "7 Doctor ─ sick" in bench.screen
        assert f"fix: scaling none {ARROW} standard" in bench.screen
        await bench.press("d")
        assert bench.app.body.focused_pane == "doctor"
        await bench.press("d")
        assert isinstance(bench.app.screen, DoctorScreen)


async def test_a_loss_that_a_fix_leaves_as_it_is_gives_way_to_what_the_fix_is_about() -> None:
    moved = replace(
        UNSCALED, title="Threshold", fix={"threshold": 0.2}, trial=replace(AFTER, train_loss=21.3)
    )
    async with dashboard(
        "example-scaling", (80, 60), doctor=Says(letter(findings=(moved,))), **SICK
    ) as bench:
        await looked_at(bench)
        await bench.press("d")
        assert "training loss" not in bench.screen
        assert "balanced accuracy" in bench.screen
        assert f"threshold 0.5 {ARROW} 0.2" in bench.screen


async def test_numbers_that_are_none_and_words_from_outside_do_no_harm() -> None:
    nasty = "col\x1b[31m[bold]umn"
    wild = letter(
        before=Scores(),
        findings=(
            replace(
                UNSCALED,
                sentence=f"The column {nasty} is odd.",
                evidence={nasty: float("inf"), "rows": 1e4},
            ),
        ),
    )
    async with dashboard("example-scaling", (80, 60), doctor=Says(wild), **SICK) as bench:
        await looked_at(bench)
        await bench.press("d")
        assert r"The column col\x1b[31m[bold]umn is odd." in bench.screen
        assert "no number" in bench.screen
        assert "10,000" in bench.screen
        assert "\x1b" not in bench.screen


# --- who has not been looked at ---


async def test_d_asks_for_a_stored_run() -> None:
    doctor = Says(letter())
    async with dashboard("example-scaling", doctor=doctor, **SICK) as bench:
        await looked_at(bench)
        bench.store.diagnoses.drop(1)
        bench.app.poller.show(1)
        await bench.press("f")
        assert "The doctor has not looked at run 1. d asks." in bench.banner
        await bench.press("r", "6", "enter", "d")
        assert "has not looked at run 1" in bench.screen
        await bench.examine()
        assert len(doctor.outcomes) == 2
        await bench.pilot.pause(0.2)
        assert "Unscaled features: proved" in bench.screen
        await bench.press("d", "d")
        await bench.train(5)
        assert len(doctor.outcomes) == 2
