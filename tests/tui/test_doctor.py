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
        await looked_at(bench)
        assert bench.banner == "⚠ One label: Unscaled features. d why  f fix it"
        assert "d doctor" in bench.screen
        assert "f fix it" in bench.screen.split("\n")[-1]
        bench.app.tell("Something else.")
        assert bench.banner.split("\n")[0] == "Something else."  # each message has a line of its own
        assert bench.banner.split("\n")[1].startswith("⚠ One label")


NO_SIGNAL = replace(UNSCALED, title="No signal", fix=None)
# What the doctor found, what the banner says of it, and what f says where there is no fix.
VERDICTS: list[tuple[Diagnosis | Exception, str, str]] = [
    (letter(), "⚠ One label: Unscaled features. d why  f fix it", ""),
    (letter(Health.HEALTHY), "The doctor finds nothing wrong. d more", "nothing to fix"),
    (
        letter(Health.UNLEARNABLE, findings=(NO_SIGNAL,)),
        "⚠ One label: No signal. No setting can help. d why",
        "No setting can fix this",
    ),
    (
        replace(letter(), status=Health.UNLEARNABLE),  # which a change makes less wrong
        "⚠ One label: Unscaled features. d why  f fix it",
        "",
    ),
    (letter(Health.CANNOT_TELL), "The doctor cannot tell why. d more", "cannot tell"),
    (EngineError("It cannot be had.", "Load it."), "Every test row is predicted 1", "It cannot be had."),
    (two_changes(), "⚠ One label: Unscaled features + Learning rate too high. d why  f fix it", ""),
    (
        letter(Health.IMPROVABLE),
        "△ Labels fine, probabilities poor: Unscaled features. d why  f fix it",
        "",
    ),
]


async def test_every_verdict_stands_in_banner_title_and_list_and_says_why_there_is_no_fix() -> None:
    assert {found.status for found, *_ in VERDICTS if isinstance(found, Diagnosis)} == set(Health)
    doctor = Says(letter())
    async with dashboard("example-scaling", (160, 50), doctor=doctor, **SICK) as bench:
        for number, (found, banner, notice) in enumerate(VERDICTS, 1):
            doctor.diagnosis = found
            await looked_at(bench)
            assert banner in bench.banner
            if isinstance(found, Diagnosis):
                word = str(found.status).replace("-", " ")
                assert f"O Doctor ─ {word}" in bench.screen
                assert word in next(line for line in bench.screen.split("\n") if "✓ example" in line)
                # Poor probabilities are told in another colour than a sick run.
                classes = bench.app.query_one(Banner).classes
                assert ("-mild" in classes) == (found.status is Health.IMPROVABLE)
                fine = found.status in (Health.IMPROVABLE, Health.HEALTHY)
                assert ("-trouble" in classes) != fine
            if notice:
                assert "f fix it" not in bench.screen
                await bench.press("f")
                assert notice in bench.banner
            assert len(bench.store.runs.recent()) == number
        assert "f fix it" in bench.screen.split("\n")[-1]
        await bench.press("f")  # probabilities are healed on one key, too
        assert bench.app.session.config.scaling == "standard"
        assert len(bench.store.runs.recent()) == len(VERDICTS) + 1


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
    doctor = Says(letter(Health.IMPROVABLE))
    async with dashboard("example-scaling", (160, 50), epochs=LONG, doctor=doctor, **SICK) as bench:
        await bench.press("s")
        await bench.train()
        await bench.examine()
        assert await bench.comes(lambda: "Unscaled features" in bench.banner)
        assert bench.app.poller.verdicts == {1: Health.IMPROVABLE}
        await bench.press("space")
        await bench.train(8)
        assert "Unscaled features" not in bench.banner
        assert bench.app.poller.verdicts == {}  # it has left the list of runs
        await bench.press("d", "d")
        assert "As it stood after epoch 1; it has gone on since." in bench.screen


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


async def test_while_the_doctor_looks_the_symptom_stands_and_an_open_letter_follows() -> None:
    doctor = TakesItsTime(letter())
    async with dashboard("example-scaling", doctor=doctor, **SICK) as bench:
        await bench.press("d")
        assert "The doctor looks at every run that ends" in bench.screen
        await bench.press("d", "space")
        await bench.train_to_the_end()
        await bench.examine(Work.LOOKING)
        assert "Every test row is predicted 1" in bench.banner
        await bench.press("f")
        assert "Nothing is proved yet" in bench.banner
        assert len(bench.store.runs.recent()) == 1
        await bench.press("d")
        assert "looking at the run as it stood after epoch 200" in bench.screen
        bench.turn_until(lambda: bench.store.diagnoses.stamp(1)[-1])
        await bench.press("tab")  # the screen looks
        so_far = "3 experiments done, 25 % of the work that it may take. c calls it off."
        assert await bench.comes(lambda: so_far in bench.screen)
        assert "looking 25 %" in bench.screen
        await bench.press("c")
        bench.turn_until(lambda: bench.engine.doctor.task.idle and not bench.store.diagnoses.get(1))
        for _ in range(3):
            bench.engine.turn()
        assert len(doctor.configs) == 1  # it does not begin anew
        await bench.press("d")
        assert bench.banner.startswith("The doctor leaves run 1. d asks again.")
        await bench.press("d")
        await bench.examine(Work.LOOKING)
        assert len(doctor.configs) == 2
        doctor.finish = True
        await bench.examine()
        assert await bench.comes(lambda: "Unscaled features" in bench.banner)
        assert "Unscaled features: proved" in bench.screen
        await bench.press("f")
        assert bench.app.session.config.scaling == "standard"


@pytest.mark.parametrize(
    ("ascii_only", "sizes"), [(False, [(40, 12), (80, 24), (160, 50)]), (True, [(40, 12)])]
)
async def test_the_letter_fits_every_screen(ascii_only: bool, sizes: list[tuple[int, int]]) -> None:
    doctor = Says(two_changes())
    async with dashboard("example-scaling", doctor=doctor, ascii_only=ascii_only, **SICK) as bench:
        await looked_at(bench)
        for size in sizes:
            await bench.resize(*size)
            await bench.press("O")
            assert "O Doctor" in bench.screen
            assert "Nothing is scaled" in bench.screen
            await bench.press(*["j"] * 80)
            assert "The doctor took 0.7 s." in bench.screen
            await bench.press(*["k"] * 80, "d")
            assert isinstance(bench.app.screen, DoctorScreen)
            await bench.press(*["j"] * 100)
            assert "The doctor took 0.7 s." in bench.screen
            assert bench.screen.isascii() or not ascii_only
            await bench.press("escape")


async def test_a_large_screen_has_the_pane_beside_the_plots_and_d_goes_there() -> None:
    much = replace(UNSCALED, sentence="There is much to say of it. " * 60)
    doctor = Says(letter(findings=(much,)))
    async with dashboard("example-scaling", (160, 50), doctor=doctor, **SICK) as bench:
        for title in (
            "D Dataset",
            "H Hyper",
            "L Loss",
            "P Pred",
            "M Metrics",
            "R Runs",
            "O Doctor ─ nothing yet",
        ):
            assert title in bench.screen, title
        await looked_at(bench)
        assert "O Doctor ─ sick" in bench.screen
        assert f"fix: scaling none {ARROW} standard" in bench.screen
        await bench.press("d")
        assert bench.app.body.focused_pane == "doctor"
        await bench.press("d")
        assert isinstance(bench.app.screen, DoctorScreen)


async def test_a_letter_says_what_a_fix_is_about_and_does_no_harm_whatever_stands_in_it() -> None:
    moved = replace(
        UNSCALED, title="Threshold", fix={"threshold": 0.2}, trial=replace(AFTER, train_loss=21.3)
    )
    doctor = Says(letter(findings=(moved,)))
    async with dashboard("example-scaling", (80, 60), doctor=doctor, **SICK) as bench:
        await looked_at(bench)
        await bench.press("d")
        assert "training loss" not in bench.screen  # it stays as it is
        assert "balanced accuracy" in bench.screen
        assert f"threshold 0.5 {ARROW} 0.2" in bench.screen
        await bench.press("escape")
        nasty = "col\x1b[31m[bold]umn"
        evidence = {nasty: float("inf"), "rows": 1e4}
        odd = replace(UNSCALED, sentence=f"The column {nasty} is odd.", evidence=evidence)
        doctor.diagnosis = letter(before=Scores(), findings=(odd,))
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
        await bench.press("r", "R", "enter", "d")
        assert "has not looked at run 1" in bench.screen
        await bench.examine()
        assert len(doctor.outcomes) == 2
        assert await bench.comes(lambda: "Unscaled features: proved" in bench.screen)
        await bench.press("d", "d")
        await bench.train(5)
        assert len(doctor.outcomes) == 2
