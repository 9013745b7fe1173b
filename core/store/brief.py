"""The newest runs in a word each, for the completion of a shell: it may neither wait nor change a thing."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from lrtui.core.errors import StoreError
from lrtui.core.store.home import home
from lrtui.core.store.opening import FILE_NAME, look_into
from lrtui.datasets.source import Source

WAIT_SECONDS = 0.2


def brief_runs(most: int) -> list[tuple[int, str]]:
    """Ids and ``moons finished``, newest first; of what cannot be read, nothing. The store is only read.

    Raises:
        StoreError: there is no store, or none that can be read.
    """
    path = home() / FILE_NAME
    try:
        if not path.is_file():  # SQLite would wait for who writes into a pipe
            raise OSError("it is no file")
        with closing(look_into(path, WAIT_SECONDS)) as connection:
            rows = connection.execute(
                "SELECT id, dataset, status FROM runs WHERE removed IS NULL ORDER BY id DESC LIMIT ?",
                (most,),
            ).fetchall()
    except (sqlite3.Error, ValueError, OSError) as error:
        raise StoreError(f"The store cannot be read: {error}.", "lrtui runs says what is wrong.") from None
    return [
        (number, f"{Source(dataset).label} {status}")
        for number, dataset, status in rows
        if isinstance(number, int) and isinstance(dataset, str) and isinstance(status, str)
    ]
