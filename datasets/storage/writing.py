"""Writing the files of an entry; ``DatasetError`` says that the disk is full, or fails."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.storage.checksum import checksum
from lrtui.datasets.storage.folder import unusable
from lrtui.datasets.storage.nofollow import NEW
from lrtui.datasets.storage.ownership import FILES, META, PART, Root
from lrtui.datasets.text import quote

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Draft:
    """The files of an entry that is being made.

    Attributes:
        folder: where they are. meta: what the entry will say of itself, as JSON.
    """

    def __init__(self, root: Root, name: str) -> None:
        self._root, self._name = root, name
        self.folder = root.path / (PART + name)
        self.meta: dict[str, Any] = {}
        self._files: list[RowFile] = []

    def table(self, name: str, columns: int | None, dtype: Any) -> RowFile:
        """A new file for a table of so many columns, or, with ``None``, of single values."""
        if name not in FILES:
            raise ValueError(f"{name} is not among the files that an entry may hold")
        import numpy as np  # the cache is listed without it

        file = RowFile(self.folder / name, columns, np.dtype(dtype))
        self._files.append(file)
        return file

    def remove(self, name: str) -> None:
        """Take a file back, if it was begun."""
        for file in [file for file in self._files if file.path.name == name]:
            file.close()
            file.path.unlink()
            self._files.remove(file)

    def finish(self) -> None:
        """Say in ``meta.json`` what the files hold.

        Nobody waits for the disk: what a power cut took is found by the checksums, and made anew.
        """
        try:
            self.meta["files"] = {file.path.name: file.sealed() for file in self._files}
            self.close()
            with os.fdopen(os.open(self.folder / META, NEW, 0o600), "w") as text:
                text.write(self._root.described(self._name, self.meta))
        except OSError as error:
            raise failed(self.folder, error) from None

    def close(self) -> None:
        """Close every file."""
        for file in self._files:
            file.close()
        self._files = []


class RowFile:
    """A table (n, columns), or values (n,), written by the row."""

    def __init__(self, path: Path, columns: int | None, dtype: np.dtype[Any]) -> None:
        self.path, self.columns, self.dtype = path, columns, dtype
        self.rows = 0  # appended so far
        self._row = dtype.itemsize * (1 if columns is None else columns)
        try:
            self._file = os.open(path, NEW, 0o600)
        except OSError as error:
            raise failed(path.parent, error) from None

    def reserve(self, rows: int, *, sure: bool = True) -> None:
        """Room for so many rows: writing is faster, and a full disk met at once where they are ``sure``."""
        if rows and hasattr(os, "posix_fallocate"):
            try:
                os.posix_fallocate(self._file, 0, rows * self._row)
            except OSError as error:
                if error.errno in FULL and sure:
                    raise failed(self.path.parent, error) from None

    def append(self, values: NDArray[Any]) -> None:
        """More rows at the end."""
        self.put(self.rows, values)
        self.rows += len(values)

    def put(self, first: int, values: NDArray[Any]) -> None:
        """Rows from number ``first`` on."""
        if not values.size:
            return
        import numpy as np

        data = np.ascontiguousarray(values, self.dtype).reshape(-1).view(np.uint8).data
        at = first * self._row
        try:
            while data:
                written = os.pwrite(self._file, data, at)
                data, at = data[written:], at + written
        except OSError as error:
            raise failed(self.path.parent, error) from None

    def cut(self) -> None:
        """End the file after the last row that was appended."""
        os.ftruncate(self._file, self.rows * self._row)

    def sealed(self) -> tuple[int, str]:
        """The size of what was written, in bytes, and its checksum."""
        size = os.fstat(self._file).st_size
        return size, checksum(self._file, size)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def failed(folder: Path, error: OSError) -> DatasetError:
    """What is said where the files of an entry, in its ``folder``, cannot be written."""
    cache = folder.parents[1]
    if error.errno not in FULL:
        return unusable(cache, error)
    return DatasetError(
        f"The disk that holds the cache {quote(str(cache))} is full.",
        "Free some space, clear the cache by lrtui cache clear, or set LRTUI_CACHE to another folder.",
    )
