"""A large table is opened: the form proposes how to train on it, and says for how many rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.store import Status
from lrtui.datasets.source import Source
from tests.tui.bench import Bench, dashboard

LARGE, LARGER, SMALL = "moons:n=20001", "moons:n=30000", "moons:n=500"
NEWTON = changed(Config(), optimizer="newton", epochs=20)


def form(bench: Bench) -> Config:
    return bench.app.session.config


async def opened(bench: Bench, name: str) -> None:
    """Another dataset, and the engine's word on it."""
    bench.app.take_source(Source(name), None)
    await bench.train(2)


async def test_the_form_says_what_it_proposes_and_for_how_many_rows() -> None:
    async with dashboard(LARGE) as bench:
        assert form(bench) == Config()
        await bench.train(2)
        assert form(bench) == NEWTON
        assert "for 20,001 rows" in bench.screen
        assert "For 20,001 rows: optimizer newton, epochs 20. u takes it back." in bench.banner
        await bench.press("space")
        await bench.train_to_the_end()
        run = bench.app.session.run
        assert run is not None
        assert (run.config, run.status, run.epoch) == (NEWTON, Status.FINISHED, 20)


async def test_a_small_table_is_trained_on_by_the_plain_defaults() -> None:
    async with dashboard("moons:n=20000") as bench:
        await bench.train(2)
        assert form(bench) == Config()
        assert " rows" not in bench.screen + bench.banner


async def test_u_goes_back_to_the_plain_defaults_and_a_run_then_takes_them() -> None:
    async with dashboard(LARGE) as bench:
        await bench.train(2)
        await bench.press("u")
        assert form(bench) == Config()
        assert "for 20,001 rows" not in bench.screen
        await bench.press("s")
        await bench.train(2)
        run = bench.app.session.run
        assert run is not None
        assert run.config == Config()


@pytest.mark.parametrize("own", [{"lr": 0.1}, {"epochs": 300}, {"optimizer": "adam"}, {"batch_size": 64}])
async def test_who_has_said_how_to_train_is_proposed_nothing(own: dict[str, object]) -> None:
    async with dashboard(LARGE, **own) as bench:
        await bench.train(2)
        assert form(bench) == changed(Config(), **own)


async def test_who_has_typed_the_default_is_proposed_nothing_either() -> None:
    async with dashboard(SMALL) as bench:
        await bench.press("right", "left")
        await opened(bench, LARGE)
        assert form(bench) == Config()


async def test_what_was_set_beside_it_stays() -> None:
    async with dashboard(LARGE, scaling="minmax", seed=3) as bench:
        await bench.train(2)
        assert form(bench) == changed(NEWTON, scaling="minmax", seed=3)


async def test_another_dataset_takes_it_back_and_another_large_one_brings_its_own() -> None:
    async with dashboard(LARGE) as bench:
        await bench.train(2)
        await opened(bench, SMALL)
        assert form(bench) == Config()
        await bench.press("u")
        assert bench.banner == "There is nothing to undo."
        await opened(bench, LARGER)
        assert form(bench) == NEWTON
        assert "for 30,000 rows" in bench.screen


async def test_it_is_taken_back_from_a_run_that_was_trained_so_too() -> None:
    async with dashboard(LARGE) as bench:
        await bench.train(2)
        await bench.press("space")
        await bench.train_to_the_end()
        await opened(bench, SMALL)
        assert form(bench) == Config()


async def test_what_a_person_made_of_it_goes_along_to_another_dataset() -> None:
    async with dashboard(LARGE) as bench:
        await bench.train(2)
        await bench.press("down", "right")  # epochs
        assert "for 20,001 rows" not in bench.screen
        await opened(bench, SMALL)
        assert form(bench) == changed(NEWTON, epochs=50)


async def test_declined_for_one_dataset_it_is_proposed_for_the_next() -> None:
    async with dashboard(LARGE) as bench:
        await bench.train(2)
        await bench.press("u")
        await opened(bench, LARGER)
        assert form(bench) == NEWTON


async def test_products_of_very_many_columns_are_too_much_for_newton(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with dashboard(LARGE) as bench:
        await bench.train(2)
        described = bench.app.context.described.found
        assert described is not None
        bench.app.session.proposal.described = replace(described, encoded=100)
        bench.app.session.change(changed(form(bench), features="poly2"))
        assert form(bench).optimizer == "lbfgs"
        bench.app.session.change(changed(form(bench), features="linear"))
        assert form(bench) == NEWTON


async def test_space_before_the_table_is_known_begins_a_run_that_the_engine_fits() -> None:
    async with dashboard(LARGE) as bench:
        await bench.press("space")
        assert form(bench) == Config()
        await bench.train(2)
        run = bench.app.session.run
        assert run is not None
        assert run.config == form(bench) == NEWTON
        assert "For 20,001 rows" in bench.banner
        assert bench.app.session.waits("optimizer") is False
        await bench.press("x", "u")
        assert form(bench) == Config()


async def test_but_not_one_of_settings_of_ones_own() -> None:
    async with dashboard(LARGE) as bench:
        await bench.press("right", "left", "s")
        await bench.train(2)
        run = bench.app.session.run
        assert run is not None
        assert run.config == form(bench) == Config()


async def test_a_stored_run_and_what_is_made_of_it_are_left_as_they_are() -> None:
    async with dashboard(LARGE, epochs=1) as bench:
        await bench.press("s")
        await bench.train_to_the_end()
        first = bench.app.session.run
        assert first is not None
        bench.store.runs.update(first.id, config=Config())
        await opened(bench, SMALL)
        bench.app.show_run(first.id)
        await bench.train(2)
        assert form(bench) == Config()
        await bench.press("s")
        await bench.train(2)
        second = bench.app.session.run
        assert second is not None
        assert second.id != first.id
        assert second.config == Config()


async def test_a_run_that_goes_on_is_not_changed_by_what_is_proposed_for_another_table() -> None:
    async with dashboard(SMALL) as bench:
        await bench.press("s")
        await bench.train(2)
        run = bench.app.session.run
        assert run is not None
        await opened(bench, LARGE)
        assert form(bench) == NEWTON
        assert bench.store.runs.get(run.id).config == Config()
