"""What may stand in a store and was not written by lrtui: values out of limits, broken text, cut blobs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

Damage = Callable[[sqlite3.Connection, int], None]


def _set(table: str, column: str, value: Any, connection: sqlite3.Connection, run_id: int) -> None:
    key = "id" if table in ("runs", "sweeps") else "run_id"
    connection.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {key} = ?", (value, run_id))


def _config(values: dict[str, Any], connection: sqlite3.Connection, run_id: int) -> None:
    row = connection.execute("SELECT config FROM runs WHERE id = ?", (run_id,)).fetchone()
    if row is not None:
        try:
            stored = json.loads(row[0])
        except ValueError:
            return
        if isinstance(stored, dict):
            _set("runs", "config", json.dumps({**stored, **values}), connection, run_id)


def _flip(table: str, column: str, connection: sqlite3.Connection, run_id: int) -> None:
    rows = connection.execute(f"SELECT rowid, {column} FROM {table} WHERE run_id = ?", (run_id,)).fetchall()
    for rowid, blob in rows:
        if isinstance(blob, bytes) and blob:
            place = run_id * 7919 % len(blob)
            broken = blob[:place] + bytes([blob[place] ^ 0x41]) + blob[place + 1 :]
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (broken, rowid))


RUN_VALUES: dict[str, list[Any]] = {
    "status": ["zzz", "", "running", "paused", "queued", "interrupted", b"\xff", 7],
    "config": ["", "{", "[]", "null", "7", b"\x00\xff", '{"epochs": 1e999}'],
    "options": ["", "[]", "null", '{"columns": 7}', '{"zzz": 1}', '{"separator": "\\u001b[31m"}'],
    "dataset": ["", "zzz", "\x1b[31337m", "moons:n=-1", "openml:0", "/no/such.csv", "a" * 5000, b"\xff"],
    "target": ["", "\x1b]0;x\x07", "zzz", b"\xff", 5],
    "positive": ["zzz", "\u202e", 7.5],
    "owner": ["", "../../x", "zzz", "1-00", "\x00", "a/b"],
    "origin": ["", "\x1b[2J", 7, b"\xff"],
    "created": ["zzz", -1e300, 1e300, 0, "nan"],
    "started": ["zzz", 1e300],
    "ended": ["zzz", -1e300],
    "seconds": ["zzz", "nan", -5, 1e300],
    "epoch": [-5, 2**62, "zzz", 1.5],
    "diverged_at": [-5, "zzz", 2**62],
    "problem": ["", "{}", "[]", "null", '{"train_rows": "x"}', '{"feature_names": 7}'],
    "measured": ["", "{}", "[]", "null", '{"epoch": "x"}', '{"epoch": 1, "train_loss": "nan"}', "NaN"],
    "failure": [
        "",
        "{}",
        "[]",
        '{"title": "x"}',
        '{"title": 1, "what": 2, "fix": 3}',
        '{"what": "\\u001b[31m"}',
    ],
}
OTHER_VALUES: dict[tuple[str, str], list[Any]] = {
    ("features", "names"): ["", "{}", "[1]", '["\\u001b[31m"]', b"\xff", 5],
    ("losses", "vals"): [b"", b"\x00", b"\x00\x00\xc0\x7f" * 3, b"\xff" * 4000, "zzz"],
    ("losses", "count"): [-1, 2**62, "zzz"],
    ("losses", "lowest"): ["zzz", 1e308, -1e308],
    ("losses", "chunk"): [2**40],
    ("snapshots", "measurement"): ["", "{}", "[]", "null", '{"epoch": "x"}', "NaN"],
    ("snapshots", "weights"): [b"", b"\x00", b"\xff" * 400, "zzz"],
    ("snapshots", "bias"): ["zzz", 1e300],
    ("snapshots", "epoch"): [2**62, -5],
    ("checkpoints", "state"): [b"", b"\x80\x04", b"\xff" * 400, "zzz"],
    ("checkpoints", "epoch"): [-5, 2**62, "zzz"],
    ("diagnoses", "info"): ["", "{}", "[]", "null", '{"status": "zzz"}', "{"],
    ("diagnoses", "status"): ["zzz", "looking", 7],
    ("diagnoses", "epoch"): [-5, "zzz", 2**62],
}
CONFIG_VALUES: dict[str, list[Any]] = {
    "lr": [-1, 0, "zzz", 1e999, None],
    "epochs": [0, -1, 10**30, 1.5, "zzz"],
    "optimizer": ["zzz", "\u001b[31m", None, []],
    "threshold": [7, -1, "nan"],
    "batch_size": [-1, 10**20],
    "drop_columns": ["zzz", [1], ["\u001b[31m"]],
    "missing_codes": ["zzz", [None], [1e999], {}],
    "clip": [1, -1, "zzz"],
    "weight_decay": ["nan", -1],
    "seed": [-1, 2**70],
}
DAMAGES: dict[str, Damage] = {
    **{
        f"runs.{column} {n}": partial(_set, "runs", column, value)
        for column, values in RUN_VALUES.items()
        for n, value in enumerate(values)
    },
    **{
        f"{table}.{column} {n}": partial(_set, table, column, value)
        for (table, column), values in OTHER_VALUES.items()
        for n, value in enumerate(values)
    },
    **{
        f"config.{field} {n}": partial(_config, {field: value})
        for field, values in CONFIG_VALUES.items()
        for n, value in enumerate(values)
    },
    **{
        f"flip {table}.{column}": partial(_flip, table, column)
        for table, column in (("checkpoints", "state"), ("losses", "vals"), ("snapshots", "weights"))
    },
}
