"""What the store keeps of the doctor's work: letters, glances, and what dead engines had begun."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np

from lrtui.core.config import Config
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.store import Diagnosed, Store, Work, schema
from lrtui.datasets.source import Source
from tests.core.letters import letter

MOONS = Source("moons")


def test_a_letter_comes_back_as_it_was_written(store: Store) -> None:
    run_id = store.runs.create(MOONS, Config(), origin="test", owner=None)
    assert store.diagnoses.get(run_id) is None
    store.diagnoses.begin(run_id, 200, Work.QUEUED, "me")
    before = store.diagnoses.stamp(run_id)
    store.diagnoses.note(run_id, 200, letter())
    assert store.diagnoses.stamp(run_id) != before
    assert store.diagnoses.get(run_id) == Diagnosed(run_id, 200, Work.DONE, letter(), None)


def test_numbers_of_numpy_and_infinite_ones_are_kept(store: Store) -> None:
    run_id = store.runs.create(MOONS, Config(), origin="test", owner=None)
    share = np.float32(0.5)
    store.diagnoses.note(run_id, 1, letter(single_label=np.bool_(True), majority_share=share))
    found = store.diagnoses.get(run_id)
    assert found is not None
    assert found.letter == letter(majority_share=0.5)


def test_a_glance_is_kept_while_the_examination_is_to_come_and_never_replaces_it(store: Store) -> None:
    run_id = store.runs.create(MOONS, Config(), origin="test", owner=None)
    glance = letter(Health.CANNOT_TELL)
    store.diagnoses.glance(run_id, 10, glance, "me")
    store.diagnoses.begin(run_id, 20, Work.LOOKING, "me")
    found = store.diagnoses.get(run_id)
    assert found is not None
    assert (found.work, found.first_glance, found.letter) == (Work.LOOKING, glance, None)
    store.diagnoses.note(run_id, 20, letter())
    store.diagnoses.glance(run_id, 20, glance, "me")
    again = store.diagnoses.get(run_id)
    assert again is not None
    assert again.letter == letter()
    store.diagnoses.begin(run_id, 30, Work.QUEUED, "me")
    later = store.diagnoses.get(run_id)
    assert later is not None
    assert later.diagnosis is None


def test_what_a_dead_engine_had_begun_is_forgotten_and_its_letters_are_not(store: Store) -> None:
    one, two = (store.runs.create(MOONS, Config(), origin="test", owner=None) for _ in range(2))
    store.diagnoses.begin(one, 5, Work.LOOKING, "dead")
    store.diagnoses.note(two, 5, letter())
    assert not store.diagnoses.drop_orphans(lambda token: True)
    assert store.diagnoses.drop_orphans(lambda token: False)
    assert store.diagnoses.get(one) is None
    assert store.diagnoses.get(two) is not None


def test_a_run_that_is_deleted_takes_its_diagnosis_along(store: Store) -> None:
    run_id = store.runs.create(MOONS, Config(), origin="test", owner=None)
    store.diagnoses.note(run_id, 5, letter())
    store.execute("DELETE FROM runs WHERE id = ?", (run_id,))
    assert store.diagnoses.get(run_id) is None


def test_a_store_of_the_second_version_learns_about_diagnoses(home: Path) -> None:
    home.mkdir(mode=0o700)
    with closing(sqlite3.connect(home / "lrtui.db")) as connection:
        connection.executescript(
            f"{schema.MIGRATIONS[0]}{schema.MIGRATIONS[1]}"
            f"PRAGMA application_id = {schema.APPLICATION_ID};PRAGMA user_version = 2;"
        )
    with Store() as store:
        assert store.diagnoses.get(1) is None
