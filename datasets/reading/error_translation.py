"""What went wrong in a library, said in our words: no error of polars or of the system comes through."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.memory_limit import too_large
from lrtui.datasets.text import quote

AGAIN = "Write or fetch the file once more."
_UNPARSED = re.compile(r"could not parse `(.*?)` as dtype `(\w+)` at column '(.*?)'", re.DOTALL)


@contextmanager
def refusing(where: str, kind: str, fix: str = AGAIN) -> Iterator[None]:
    """Turn whatever a library raises while it reads into a ``DatasetError``.

    ``kind`` is what a person calls the format.
    """
    try:
        yield
    except DatasetError:
        raise
    except MemoryError:
        raise too_large(where) from None
    except OSError as error:
        raise unreadable(where, error, kind, fix) from None
    # Of damaged bytes, anything may come; a panic is not even an Exception.
    except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001
        raise _of_cell(where, str(error)) or DatasetError(
            f"{where} cannot be read as {kind}.", fix
        ) from None


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing is written to stderr meanwhile: polars' threads write there of what they could not read."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def unreadable(where: str, error: OSError, kind: str = "", fix: str = AGAIN) -> DatasetError:
    """The error for what the operating system refused; polars raises such errors too, without a number."""
    if error.errno is None:
        return DatasetError(f"{where} cannot be read{f' as {kind}' if kind else ''}.", fix)
    if isinstance(error, FileNotFoundError):
        return DatasetError(f"There is no file {where}.", "Check the path.")
    why = (error.strerror or "unknown error").lower()
    return DatasetError(f"{where} cannot be read: {why}.", "Check the path and its permissions.")


def unparsed(error: Exception) -> str | None:
    """The column in which polars met a value that is not of the column's type, if that is the error."""
    found = _UNPARSED.search(str(error))
    return None if found is None or found[2] == "str" else found[3]


def _of_cell(where: str, message: str) -> DatasetError | None:
    """A value that is no number where the first rows had numbers only."""
    found = _UNPARSED.search(message)
    if found is None or found[2] == "str":
        return None
    return DatasetError(
        f"Column {quote(found[3])} of {where} holds {quote(found[1])}, and only numbers before it.",
        "Mend that cell, or leave the column out with --drop-columns.",
    )
