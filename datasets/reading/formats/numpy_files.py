"""NumPy's own files: an archive of arrays, or one array."""

from __future__ import annotations

from lrtui.datasets.reading.formats.entry import Format, begins, imported


def _is_archive(start: bytes) -> bool:
    return start.startswith(b"PK\x03\x04") and b".npy" in start[:256]


FORMATS = (
    Format(
        "npz", "NPZ", 8, (".npz",), imported("lrtui.datasets.reading.arrays:read_npz"), _is_archive,
        zipped=True,
    ),
    Format(
        "npy", "NPY", 9, (".npy",), imported("lrtui.datasets.reading.arrays:read_npy"), begins(b"\x93NUMPY")
    ),
)  # fmt: skip
