"""A store of an earlier version is taken over; one of another shape is refused in two sentences."""

from __future__ import annotations

import json
import sqlite3
from array import array
from contextlib import closing
from pathlib import Path

import pytest

from lrtui.core.config import Config
from lrtui.core.errors import StoreError
from lrtui.core.store import Status, Store
from lrtui.core.store.schema import COLUMNS, MIGRATIONS, VERSION

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
