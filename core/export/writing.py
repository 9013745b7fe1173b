"""Files that are whole or not there: written beside their place, and never over anything unasked."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lrtui.core.errors import ExportError
from lrtui.datasets.address import is_elsewhere
from lrtui.datasets.storage.moving import move_beside
from lrtui.datasets.storage.nofollow import NEW
from lrtui.datasets.text import quote


def check_place(path: Path, *, force: bool) -> None:
    """See that a file can be written at a path, before anything is computed for it.

    Raises:
        ExportError: something is there already, or its folder is not to be written to.
    """
    where = quote(str(path))
    try:
        if path.is_dir():
            raise ExportError(f"{where} is a folder.", "Give the name of a file in it.")
        if os.path.lexists(path):
            if path.is_symlink() or not path.is_file():
                raise ExportError(f"{where} is no plain file.", "Give another name.")
            if not force:
                raise ExportError(
                    f"{where} is there already.", "Give another name, or --force to write over it."
                )
        folder = path.absolute().parent
        if not folder.is_dir() and is_elsewhere(str(path).replace(":/", "://", 1)):  # a path has one slash
            raise ExportError("Files are written on this machine alone.", "Name one here, and upload it.")
        if not folder.is_dir():
            raise ExportError(
                f"{where} cannot be written: its folder is not there.", "Make the folder, or name another."
            )
        if not os.access(folder, os.W_OK | os.X_OK):
            raise ExportError(
                f"{where} cannot be written: its folder is read-only.", "Name a folder of yours."
            )
    except (OSError, ValueError) as error:
        raise _refused(path, error) from None


@contextmanager
def new_file(path: Path, *, force: bool = False) -> Iterator[Path]:
    """A path beside ``path`` to be written to; what is written there gets the name once all is done.

    With ``force`` a plain file that has the name makes way. Where anything fails, all is as before.

    Raises:
        ExportError: it cannot be written, or something has that name meanwhile.
    """
    check_place(path, force=force)
    # The suffix stays the last: what writes may go by it.
    draft = path.with_name(f".lrtui-{secrets.token_hex(8)}{path.suffix}")
    try:
        os.close(os.open(draft, NEW, 0o666))
    except (OSError, ValueError) as error:
        raise _refused(path, error) from None
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        if force:
            os.replace(draft, path)
        else:
            move_beside(draft, path.name)
    except BaseException as error:
        draft.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            check_place(path, force=force)
        if isinstance(error, OSError):
            raise _refused(path, error) from None
        raise


def _refused(path: Path, error: OSError | ValueError) -> ExportError:
    why = (getattr(error, "strerror", None) or str(error)).lower().rstrip(".")
    return ExportError(
        f"{quote(str(path))} cannot be written: {why}.", "Free some space, or name another place."
    )
