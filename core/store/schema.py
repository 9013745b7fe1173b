"""The tables, and the migrations from every earlier version of them."""

from __future__ import annotations

import secrets
import sqlite3

APPLICATION_ID = 0x6C727475  # "lrtu": tells our file from any other SQLite file

# One script a version: the script at index i turns version i into version i + 1.
MIGRATIONS = (
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        dataset TEXT NOT NULL, target TEXT, positive TEXT,
        config TEXT NOT NULL,
        status TEXT NOT NULL,
        origin TEXT NOT NULL,
        owner TEXT,
        created REAL NOT NULL, started REAL, ended REAL,
        seconds REAL NOT NULL DEFAULT 0,
        epoch INTEGER NOT NULL DEFAULT 0,
        diverged_at INTEGER,
        problem TEXT, measured TEXT, failure TEXT
    );
    CREATE INDEX runs_by_status ON runs (status);
    CREATE TABLE losses (
        run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        chunk INTEGER NOT NULL,
        count INTEGER NOT NULL,
        lowest REAL, highest REAL,
        vals BLOB NOT NULL
    );
    CREATE UNIQUE INDEX losses_by_run ON losses (run_id, chunk);
    CREATE TABLE snapshots (
        run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        epoch INTEGER NOT NULL,
        measurement TEXT NOT NULL,
        weights BLOB NOT NULL,
        bias REAL
    );
    CREATE UNIQUE INDEX snapshots_by_run ON snapshots (run_id, epoch);
    CREATE TABLE changes (
        id INTEGER PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        epoch INTEGER NOT NULL, field TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL
    );
    CREATE INDEX changes_by_run ON changes (run_id);
    CREATE TABLE checkpoints (
        run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
        epoch INTEGER NOT NULL,
        state BLOB NOT NULL
    );
    CREATE TABLE commands (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        owner TEXT NOT NULL, kind TEXT NOT NULL, run_id INTEGER, payload TEXT NOT NULL,
        created REAL NOT NULL
    );
    CREATE INDEX commands_by_owner ON commands (owner);
    CREATE TABLE engines (
        owner TEXT PRIMARY KEY, pid INTEGER NOT NULL, started REAL NOT NULL,
        ready INTEGER NOT NULL DEFAULT 0, info TEXT NOT NULL DEFAULT '{}'
    );
    CREATE TABLE descriptions (
        source TEXT PRIMARY KEY, info TEXT NOT NULL, made REAL NOT NULL
    );
    """,
    """
    CREATE TABLE sweeps (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        plan TEXT NOT NULL,
        status TEXT NOT NULL,
        owner TEXT,
        created REAL NOT NULL,
        seconds REAL NOT NULL DEFAULT 0,
        progress REAL NOT NULL DEFAULT 0,
        points TEXT,
        failure TEXT
    );
    CREATE TABLE smoothness (
        problem TEXT PRIMARY KEY, constants TEXT, made REAL NOT NULL
    );
    """,
    """
    CREATE TABLE diagnoses (
        run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
        epoch INTEGER NOT NULL,
        status TEXT NOT NULL,
        owner TEXT,
        info TEXT,
        failure TEXT,
        made REAL NOT NULL
    );
    """,
    """
    ALTER TABLE runs ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
    CREATE TABLE inspections (
        source TEXT PRIMARY KEY, info TEXT NOT NULL, made REAL NOT NULL
    );
    CREATE TABLE loads (
        owner TEXT PRIMARY KEY, info TEXT NOT NULL, made REAL NOT NULL
    );
    """,
    """
    ALTER TABLE runs ADD COLUMN checksum INTEGER;
    ALTER TABLE losses ADD COLUMN checksum INTEGER;
    ALTER TABLE snapshots ADD COLUMN checksum INTEGER;
    ALTER TABLE checkpoints ADD COLUMN checksum INTEGER;
    """,
    """
    DROP TABLE descriptions;
    DROP TABLE smoothness;
    DROP TABLE inspections;
    CREATE TABLE answers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        question INTEGER NOT NULL, kind TEXT NOT NULL, info TEXT NOT NULL, made REAL NOT NULL
    );
    CREATE UNIQUE INDEX answers_by_question ON answers (question, kind);
    """,
    # A poll reads rows of runs: what is as wide as the data moves out of them. A row that is damaged stays.
    """
    CREATE TABLE features (
        run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
        names TEXT NOT NULL, checksum INTEGER
    );
    INSERT INTO features (run_id, names) SELECT id, json_extract(problem, '$.feature_names') FROM runs
        WHERE CASE WHEN typeof(problem) = 'text' AND json_valid(problem)
        THEN json_type(problem, '$.feature_names') = 'array' END;
    UPDATE runs SET problem = json_set(
        json_remove(problem, '$.feature_names'),
        '$.features', json_array_length(problem, '$.feature_names')
    ) WHERE id IN (SELECT run_id FROM features);
    DROP INDEX IF EXISTS runs_by_status;
    CREATE INDEX runs_by_status_and_owner ON runs (status, owner);
    CREATE INDEX diagnoses_by_status ON diagnoses (status, owner);
    """,
    "ALTER TABLE diagnoses ADD COLUMN progress TEXT;",
    """
    CREATE TABLE scripts (
        run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
        asked TEXT NOT NULL, progress TEXT NOT NULL DEFAULT '{}', output TEXT, patch TEXT,
        applied INTEGER NOT NULL DEFAULT 0,
        problem TEXT, train BLOB, test BLOB, made REAL NOT NULL
    );
    """,
    "ALTER TABLE runs ADD COLUMN heeded INTEGER NOT NULL DEFAULT 0;",
    """
    ALTER TABLE runs ADD COLUMN labels TEXT;
    ALTER TABLE runs ADD COLUMN removed REAL;
    CREATE INDEX runs_listed ON runs (id) WHERE removed IS NULL;
    CREATE INDEX runs_by_removed ON runs (removed) WHERE removed IS NOT NULL;
    """,
    "ALTER TABLE runs ADD COLUMN best TEXT;",
    """
    CREATE TABLE branches (
        run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
        parent INTEGER NOT NULL, epoch INTEGER NOT NULL,
        weights BLOB NOT NULL, bias REAL, checksum INTEGER
    );
    """,
    """
    CREATE TABLE preparations (
        run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
        info BLOB NOT NULL, checksum INTEGER
    );
    """,
)
# Every table with the columns that are read of it.
COLUMNS = {
    "runs": "id dataset target positive config status origin owner created started ended seconds epoch"
    " diverged_at problem measured failure options checksum heeded labels removed best",
    "features": "run_id names checksum",
    "branches": "run_id parent epoch weights bias checksum",
    "preparations": "run_id info checksum",
    "losses": "run_id chunk count lowest highest vals checksum",
    "snapshots": "run_id epoch measurement weights bias checksum",
    "changes": "id run_id epoch field old new",
    "checkpoints": "run_id epoch state checksum",
    "commands": "id owner kind run_id payload created",
    "engines": "owner pid started ready info",
    "answers": "id question kind info made",
    "sweeps": "id plan status owner created seconds progress points failure",
    "diagnoses": "run_id epoch status owner info failure made progress",
    "loads": "owner info made",
    "scripts": "run_id asked progress output patch applied problem train test made",
}
VERSION = len(MIGRATIONS)


def version(connection: sqlite3.Connection) -> int:
    """The schema version of an open file; 0 for a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Bring an open file to ``VERSION``, all steps in one transaction.

    The schema cookie then is a random number, by which one store is told from any other.
    """
    steps = MIGRATIONS[version(connection) :]
    if steps:
        cookie = secrets.randbelow(2**30) + 1
        connection.executescript(
            f"BEGIN IMMEDIATE;{''.join(steps)}"
            f"PRAGMA application_id = {APPLICATION_ID};"
            f"PRAGMA schema_version = {cookie};"
            f"PRAGMA user_version = {VERSION};COMMIT;"
        )


def missing(connection: sqlite3.Connection) -> str | None:
    """The first table that is not there or lacks a column, in words; ``None`` where all are whole."""
    for table, columns in COLUMNS.items():
        try:
            connection.execute(f"SELECT {', '.join(columns.split())} FROM {table} LIMIT 0")  # noqa: S608
        except sqlite3.OperationalError as error:
            return str(error)  # "no such table: runs", "no such column: origin"
    return None
