"""A store of an earlier version is taken over; one of another shape is refused in two sentences."""

from __future__ import annotations

import json
import sqlite3
from array import array
from contextlib import closing
from pathlib import Path

import pytest

from lrtui.core.config import Config
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.errors import StoreError
from lrtui.core.store import Status, Store
from lrtui.core.store.schema import COLUMNS, MIGRATIONS, VERSION
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.loading import load

BLOB = b"\x00\xff\xfe"


def altered(home: Path, *statements: str) -> None:
    Store().close()
    with closing(sqlite3.connect(home / "lrtui.db", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("PRAGMA user_version = -1", "which no lrtui ever wrote"),
        ("PRAGMA user_version = 2147483647", "newer lrtui"),
        (f"PRAGMA user_version = {VERSION + 1}", "newer lrtui"),
        ("PRAGMA user_version = 0", "failed"),
        ("PRAGMA user_version = 2", "failed"),
        ("DROP TABLE loads", "not whole: no such table: loads"),
        ("DROP TABLE runs", "not whole: no such table: runs"),
        ("ALTER TABLE runs DROP COLUMN origin", "not whole: no such column: origin"),
        ("ALTER TABLE losses RENAME COLUMN vals TO values_", "not whole: no such column: vals"),
        ("PRAGMA application_id = 5", "another program"),
    ],
)
def test_a_store_of_another_shape_is_refused_in_two_sentences(
    home: Path, statement: str, said: str
) -> None:
    altered(home, statement)
    before = (home / "lrtui.db").read_bytes()
    with pytest.raises(StoreError, match=said) as caught:
        Store()
    assert caught.value.fix.endswith(".")
    assert (home / "lrtui.db").read_bytes() == before


def test_the_columns_that_are_looked_for_are_those_that_the_migrations_make() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for script in MIGRATIONS:
            connection.executescript(script)
        tables = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_")
        ]
        made = {
            table: [r[1] for r in connection.execute(f"PRAGMA table_info({table})")] for table in tables
        }
    assert {table: sorted(columns.split()) for table, columns in COLUMNS.items()} == {
        table: sorted(columns) for table, columns in made.items()
    }


def test_the_names_of_features_move_out_of_the_runs_of_version_six(home: Path) -> None:
    home.mkdir()
    facts = {
        "train_rows": 8, "test_rows": 2, "train_positive": 3, "test_positive": 1, "device": "cpu",
        "feature_names": ["a", "bé"], "class_names": ["0", "1"], "threads": 1,
    }  # fmt: skip
    with closing(sqlite3.connect(home / "lrtui.db", isolation_level=None)) as connection:
        for script in MIGRATIONS[:6]:
            connection.executescript(script)
        connection.execute("PRAGMA application_id = 0x6C727475")
        connection.execute("PRAGMA user_version = 6")
        for problem in (json.dumps(facts), None, "{", BLOB, '{"feature_names": 7}'):
            connection.execute(
                "INSERT INTO runs (dataset, config, status, origin, created, problem)"
                " VALUES ('moons', '{}', 'finished', '', 1, ?)",
                (problem,),
            )
    with Store() as store:
        *damaged, begun, whole = store.runs.recent()
        assert [run.status for run in damaged] == [Status.UNREADABLE] * 3
        assert begun.problem is None
        assert whole.problem is not None
        assert (whole.problem.features, whole.problem.train_rows) == (2, 8)
        assert store.features.get(whole.id) == ["a", "bé"]
        assert store.features.get(begun.id) == []
        store.execute("UPDATE features SET checksum = 5")
        assert store.features.get(whole.id) == []
        for names in ("{", "{}", "[1]", "5", BLOB, '["a", null]'):
            store.execute("UPDATE features SET names = ?, checksum = NULL", (names,))
            assert store.features.get(whole.id) == []


def test_a_store_of_version_four_is_taken_over_with_its_runs(home: Path) -> None:
    home.mkdir()
    with closing(sqlite3.connect(home / "lrtui.db", isolation_level=None)) as connection:
        for script in MIGRATIONS[:4]:
            connection.executescript(script)
        connection.execute("PRAGMA application_id = 0x6C727475")
        connection.execute("PRAGMA user_version = 4")
        connection.execute(
            "INSERT INTO runs (dataset, config, status, origin, created)"
            " VALUES ('moons', '{}', 'finished', '', 1)"
        )
        connection.execute(
            "INSERT INTO losses VALUES (1, 0, 2, 1, 2, ?)", (array("f", [1.0, 2.0]).tobytes(),)
        )
        connection.execute("INSERT INTO checkpoints VALUES (1, 2, x'00')")
    with Store() as store:
        (run,) = store.runs.recent()
        assert (run.status, run.config) == (Status.FINISHED, Config())
        assert [*store.losses.read(1)[0].values] == [1.0, 2.0]
        assert store.history.checkpoint(1) == (2, b"\x00")


OLD = Path(__file__).parent / "stores" / "version_10.sql"
# As the program that wrote it told of each run: status, epochs, train and test loss, what the doctor said.
TOLD = {
    1: (Status.FINISHED, 6, 0.7321258187294006, 0.7536320686340332, None),
    2: (Status.FINISHED, 20, 0.8780625462532043, 0.9684891700744629, Health.SICK),
    3: (Status.FINISHED, 4, 1.2215031782786052, 0.9754815101623535, None),
    4: (Status.FINISHED, 30, 18435.48828125, 26985.4453125, None),
    5: (Status.FINISHED, 12, None, None, Health.SICK),  # a script, which is measured otherwise
    6: (Status.INTERRUPTED, 32, 0.2833510637283325, 0.28853145241737366, None),
}


def test_a_store_of_before_runs_had_names_loses_nothing(home: Path) -> None:
    home.mkdir()
    path = home / "lrtui.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD.read_text())
        columns = {
            name: ", ".join(row[1] for row in connection.execute(f"PRAGMA table_info({name})"))
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        before = {
            name: connection.execute(f"SELECT {of} FROM {name}").fetchall() for name, of in columns.items()
        }
    with Store() as store:
        found = {run.id: run for run in store.runs.recent()}
        assert sorted(found) == sorted(TOLD)
        for number, (status, epoch, train, test, health) in TOLD.items():
            run = found[number]
            assert (run.status, run.epoch) == (status, epoch)
            if train is not None:
                measured = store.history.newest_snapshot(number)
                assert measured is not None
                assert (measured.epoch, measured.measurement["train_loss"]) == (epoch, train)
                assert measured.measurement["test_loss"] == test
            letter = store.diagnoses.get(number)
            assert (letter and letter.diagnosis and letter.diagnosis.status) == health
            assert (run.labels.name, run.removed, run.shown_best) == ("", None, None)
        assert found[5].watched
        assert (found[3].source.target, found[3].config.epochs) == ("kind", 4)
        kept = store.history.checkpoint(6)
        assert kept is not None
        assert kept[0] == 32
        Trainer.resume(problem_of(load(found[6].source), found[6].config), found[6].config, kept[1])
    with closing(sqlite3.connect(path)) as connection:
        for name, rows in before.items():
            if name != "sqlite_sequence":
                assert connection.execute(f"SELECT {columns[name]} FROM {name}").fetchall() == rows
