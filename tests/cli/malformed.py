# ruff: noqa: E501 - a case a line
"""Malformed files, and what is said of each: the cases of ``test_malformed``."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import pickle
import re
import zipfile
from collections.abc import Callable

import numpy as np
import polars as pl

from tests.datasets.reading.making import npy, workbook, written, zipped

ROWS = [f"{i},{i * i % 7},{'yes' if i % 3 else 'no'}" for i in range(1, 31)]
GOOD = "x,z,y\n" + "\n".join(ROWS) + "\n"
CSV = GOOD.encode()
FRAME = pl.read_csv(CSV)
PARQUET = written(FRAME.write_parquet)
ARROW = written(FRAME.write_ipc)
STREAM = written(FRAME.write_ipc_stream)
LINES = written(FRAME.write_ndjson)
GZIP = gzip.compress(CSV, mtime=0)
ARFF = b"@relation r\n@attribute x numeric\n@attribute z numeric\n@attribute y {yes,no}\n@data\n"
SVM = b"1 1:0.5 2:3\n-1 1:2 2:1\n" * 20
ARRAYS = {
    **npy("X", lambda file: np.save(file, np.arange(60.0).reshape(30, 2))),
    **npy("y", lambda file: np.save(file, np.arange(30) % 3 == 0)),
}
NPY = written(lambda file: np.save(file, np.arange(60.0).reshape(30, 2)))
PICKLED = written(lambda file: np.save(file, np.array([{"a": 1}, None] * 15), allow_pickle=True))


class Trap:
    """Runs a program when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("touch pickled-was-run",)


def with_row(row: str, at: int = 5) -> bytes:
    """The good table with another row in place of one, counted from 1."""
    return "\n".join(["x,z,y", *ROWS[: at - 1], row, *ROWS[at:]]).encode() + b"\n"


def broken_zip(data: bytes) -> bytes:
    """A zip file with a damaged member: its first bytes are another's."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.infolist()[-1].header_offset + 60
    return data[:at] + b"\xff" * 8 + data[at + 8 :]


# case → name of the file, its bytes, what is said of it
CASES: dict[str, tuple[str, bytes, str]] = {
    # text
    "empty": ("a.csv", b"", r"'a\.csv' is empty"),
    "blanks alone": ("a.csv", b"  \n\r\n  \t\n", r"'a\.csv' is empty"),
    "a byte order mark alone": ("a.csv", b"\xef\xbb\xbf", r"'a\.csv' is empty"),
    "only a header": ("a.csv", b"x,z,y\n", r"'a\.csv' has a header and no rows"),
    "only a header and blank lines": ("a.csv", b"x,z,y\n\n,,\n", r"has a header and no rows"),
    "too long a row": ("a.csv", with_row("1,2,yes,4"), r"Row 5 of 'a\.csv' has 4 values; the header names 3"),
    "too long a row without a header": ("a.csv", b"1,2,3\n" * 9 + b"1,2,3,4\n", r"Row 10 .* the first row has 3"),
    "too long a row of tabs": ("a.tsv", CSV.replace(b",", b"\t") + b"1\t2\tno\t\t\n", r"Row 31 of 'a\.tsv' has 5"),
    "NUL bytes": ("a.csv", with_row("1,\0\0,no"), r"'a\.csv' holds NUL bytes, the first in line 6"),
    "a program": ("a.csv", b"\x7fELF\x02\x01\x01\0" + bytes(range(200)), r"holds NUL bytes"),
    "UTF-16 without its mark": ("a.csv", GOOD.encode("utf-16-le"), r"NUL bytes.*--encoding utf-16-le"),
    "UTF-16 cut in the middle": ("a.csv", GOOD.encode("utf-16")[:-1], r"is not text in UTF-16-LE"),
    "mixed encodings": (
        "a.csv",
        with_row("1,2,é") + "1,2,\xfc\n".encode("latin-1"),
        r"'a\.csv' mixes encodings: UTF-8 in line 6, another in line 32",
    ),
    "a quote that is never closed": ("a.csv", with_row('1,"2,no'), r"opens in row 5 of 'a\.csv' is never closed"),
    "a quote never closed in the header": ("a.csv", CSV.replace(b"x", b'"x', 1), r"opens in the header of 'a"),
    "text after a closing quote": ("a.csv", with_row('1,"2"2,no'), r"In row 5 of 'a\.csv' text follows a closing"),
    "100,000 columns": (
        "a.csv",
        b"\n".join([b",".join(b"c%d" % i for i in range(100_000)), b",".join([b"1"] * 100_000)]),
        r"'a\.csv' has 100,000 columns; at most 20,000",
    ),
    "a cell of two million characters": (
        "a.csv",
        with_row("1," + "9" * 2_000_000 + ",no"),
        r"Row 5 of 'a\.csv' has 2,000,000 bytes in column 'z'; a cell has at most 1,000,000",
    ),
    "all targets missing": ("a.csv", re.sub(rb"(yes|no)\n", b"\n", CSV), r"Every cell of the target 'y' of 'a\.csv' is empty"),
    "one value of the target": ("a.csv", CSV.replace(b"no", b"yes"), r"'y' of 'a\.csv' has one value, 'yes'"),
    "no such target": ("a.csv", CSV.replace(b"x,z,y", b"x,z,why"), r"'a\.csv' has no column called 'y'"),
    "only the target": ("a.csv", b"y\n" + b"yes\nno\n" * 9, r"no column beside the target"),
    "every feature missing": (
        "a.csv",
        b"x,z,y\n" + b",,yes\n,,no\n" * 9,
        r"Nothing can be learned from the columns of 'a\.csv'",
    ),
    "values of 1e308": (
        "a.csv",
        b"x,y\n" + b"".join(b"%se308,%s\n" % (b"1" if i % 2 else b"-1.7", b"yn"[i % 3 > 0 :][:1]) for i in range(30)),
        r"Column 'x' holds numbers as large as 1\.7e\+308",
    ),
    # packed
    "gzip cut off": ("a.csv.gz", GZIP[:-12], r"'a\.csv\.gz' is cut off"),
    "gzip cut within its header": ("a.csv.gz", GZIP[:6], r"'a\.csv\.gz' is cut off"),
    "gzip with a wrong checksum": ("a.csv.gz", GZIP[:-8] + b"\0" * 8, r"'a\.csv\.gz' cannot be read as gzip"),
    "gzip by name alone": ("a.csv.gz", CSV, r"is not packed with gzip, though its name says so"),
    "bzip2 cut off": ("a.csv.bz2", bz2.compress(CSV)[:-9], r"'a\.csv\.bz2' is cut off"),
    "bzip2 damaged": ("a.csv.bz2", bz2.compress(CSV)[:20] + b"\0" * 60, r"'a\.csv\.bz2' cannot be read as bzip2"),
    "xz cut off": ("a.csv.xz", lzma.compress(CSV)[:-9], r"'a\.csv\.xz' is cut off"),
    "xz damaged": ("a.csv.xz", lzma.compress(CSV)[:40] + b"\0" * 90, r"'a\.csv\.xz' (is damaged|cannot be read)"),
    "zstd damaged": ("a.csv.zst", b"\x28\xb5\x2f\xfd" + b"\xff" * 40, r"'a\.csv\.zst' is (damaged|cut off)"),
    "zstd cut off": ("a.csv.zst", b"\x28\xb5\x2f\xfd\x00\x58", r"'a\.csv\.zst' is cut off"),
    "an empty file in gzip": ("a.csv.gz", gzip.compress(b"", mtime=0), r"'a\.csv\.gz' is empty"),
    "gzip in gzip": ("a.csv.gz", gzip.compress(GZIP, mtime=0), r"'a\.csv\.gz' holds NUL bytes"),
    # columns with types
    "Parquet cut off": ("a.parquet", PARQUET[:-20], r"'a\.parquet' is cut off: the end"),
    "Parquet cut in its first bytes": ("a.parquet", PARQUET[:5], r"'a\.parquet' is cut off: the end"),
    "Parquet damaged": ("a.parquet", PARQUET[:4] + b"\xff" * 40 + PARQUET[44:], r"'a\.parquet' cannot be read"),
    "Parquet by name alone": ("a.parquet", CSV, r"'a\.parquet' is no Parquet file, whatever its name says"),
    "Parquet without rows": ("a.parquet", written(FRAME.clear().write_parquet), r"'a\.parquet' has no rows"),
    "Parquet without columns": ("a.parquet", written(pl.DataFrame().write_parquet), r"'a\.parquet' has no columns"),
    "Arrow cut off": ("a.arrow", ARROW[:-30], r"'a\.arrow' is cut off: the end"),
    "Arrow damaged": ("a.feather", ARROW[:-300] + b"\xff" * 260 + ARROW[-40:], r"'a\.feather' cannot be read as Arrow"),
    "an Arrow stream cut off": ("a.arrows", STREAM[:100], r"'a\.arrows' cannot be read as Arrow"),
    "Arrow by name alone": ("a.arrow", CSV, r"'a\.arrow' is no Arrow file, whatever its name says"),
    # JSON lines
    "a broken line of JSON": ("a.jsonl", LINES + b'{"x":1,"z":\n', r"Line 31 of 'a\.jsonl' is no JSON object"),
    "a line of JSON that is no object": ("a.ndjson", LINES + b"7\n", r"Line 31 of 'a\.ndjson' is no JSON object"),
    "JSON lines cut off": ("a.jsonl", LINES[:-4], r"Line 30 of 'a\.jsonl' is no JSON object"),
    # JSON
    "JSON cut off": ("a.json", b'[{"x":1,"y":"no"},\n{"x":2', r"'a\.json' is cut off: its JSON ends in the middle, in line 2"),
    "broken JSON": ("a.json", b'[{"x":1},\n{"x":oops}]', r"Line 2 of 'a\.json' is no JSON: .* at character 6"),
    "JSON of two tables": ("a.json", b'{"p":[{"x":1}],"q":[{"x":1}]}', r"several lists of records: 'p', 'q'"),
    "columns of JSON of two lengths": ("a.json", b'{"x":[1,2],"y":[1]}', r"'x', 'y' of 'a\.json' have 2 and 1 values"),
    "JSON without a table": ("a.json", b'"hello"', r"'a\.json' is JSON that holds no table"),
    "JSON nested without end": (
        "a.jsonl",
        b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n",
        r"Line 1 of 'a\.jsonl' is no JSON object",
    ),
    "JSON objects without names": ("a.jsonl", b"{}\n{}\n", r"'a\.jsonl' has no columns"),
    # workbooks
    "a workbook that is no zip": ("a.xlsx", b"PK\x03\x04 and no more", r"'a\.xlsx' is damaged or cut off"),
    "a workbook cut off": ("a.xlsx", workbook([["x", "y"], [1, "a"]])[:-40], r"'a\.xlsx' is damaged or cut off"),
    "a damaged workbook": ("a.xlsx", broken_zip(workbook([["x", "y"], [1, "a"]] * 99)), r"'a\.xlsx' is damaged"),
    "a zip file that is no workbook": ("a.xlsx", zipped({"a.txt": "hello"}), r"cannot be read as an Excel workbook"),
    "a workbook by name alone": ("a.xlsx", CSV, r"'a\.xlsx' cannot be read as an Excel workbook"),
    "an empty sheet": ("a.xlsx", workbook([]), r"'a\.xlsx' is empty"),
    "a sheet with only a header": ("a.xlsx", workbook([["x", "y"]]), r"'a\.xlsx' has no rows"),
    # zip
    "a zip file of several tables": ("a.zip", zipped({"p.csv": "x", "q.csv": "x"}), r"holds 2 tables: 'p\.csv', 'q\.csv'\..*'a\.zip:p\.csv'"),
    "a zip file without a table": ("a.zip", zipped({"p.pdf": "x"}), r"'a\.zip' holds no table, but 'p\.pdf'"),
    "a zip file of nothing": ("a.zip", zipped({}), r"'a\.zip' holds no file"),
    "a zip file cut off": ("a.zip", zipped({"a.csv": CSV})[:-40], r"'a\.zip' is damaged or cut off: it is no whole zip"),
    "a zip file that is damaged": ("a.zip", broken_zip(zipped({"a.csv": CSV * 9})), r"'a\.zip' is damaged"),
    # SVMlight
    "a pair without a value": ("a.svm", SVM + b"1 1:2 3\n", r"Line 41 of 'a\.svm' holds '3', which is no pair"),
    "a value that is no number": ("a.svm", SVM + b"1 1:a\n", r"Line 41 of 'a\.svm' holds 'a' for column 1"),
    "a label that is no number": ("a.libsvm", SVM + b"yes 1:2\n", r"Line 41 of 'a\.libsvm' begins with 'yes'"),
    "columns out of order": ("a.svmlight", SVM + b"1 2:1 1:2\n", r"Line 41 of .* names column '1' after column 2"),
    "a column of a huge number": ("a.svm", SVM + b"1 99999999:1\n", r"'a\.svm' has 41 rows and 99,999,999 columns"),
    # ARFF
    "an undeclared value": ("a.arff", ARFF + b"1,2,yes\n1,2,maybe\n", r"Row 2 of 'a\.arff' has 'maybe' in column 'y'"),
    "ARFF with text for a number": ("a.arff", ARFF + b"1,tall,yes\n", r"Row 1 of 'a\.arff' has 'tall' in column 'z'"),
    "ARFF with too short a row": ("a.arff", ARFF + b"1,2,yes\n1,2\n", r"Row 2 of 'a\.arff' has 2 values"),
    "ARFF without data": ("a.arff", ARFF[:-6], r"'a\.arff' has no line @data"),
    "ARFF without rows": ("a.arff", ARFF, r"'a\.arff' has no rows"),
    "ARFF of a kind that is not known": (
        "a.arff",
        ARFF.replace(b"numeric", b"relational"),
        r"Line 2 of 'a\.arff' declares no attribute that is known",
    ),
    "sparse ARFF": ("a.arff", ARFF + b"{0 1, 2 yes}\n", r"'a\.arff' is sparse ARFF"),
    # NumPy
    "a pickle in NPZ": ("a.npz", zipped({**ARRAYS, "o.npy": PICKLED}), r"'o' of 'a\.npz' holds Python objects"),
    "a pickle in NPY": ("a.npy", PICKLED, r"'a\.npy' holds Python objects \(a pickle\)"),
    "a bare pickle called NPY": ("a.npy", pickle.dumps(Trap()), r"a\.npy' is a pickle, which is not read"),
    "NPY cut off": ("a.npy", NPY[:-50], r"'a\.npy' is damaged or cut off"),
    "NPY that claims a huge array": (
        "a.npy",
        NPY.replace(b"(30, 2), }          ", b"(99999999999, 2), } "),
        r"'a\.npy' (is damaged or cut off|needs more memory)",
    ),
    "NPZ cut off": ("a.npz", zipped(ARRAYS)[:-60], r"'a\.npz' is damaged or cut off"),
    "arrays of different rows": (
        "a.npz",
        zipped({**ARRAYS, **npy("w", lambda file: np.save(file, np.ones(7)))}),
        r"The arrays of 'a\.npz' differ in rows: 'X' 30, 'y' 30, 'w' 7",
    ),
    "NPZ without arrays": ("a.npz", zipped({"a.txt": "hello"}), r"'a\.txt' in 'a\.npz' is no array"),
    "complex numbers": ("a.npy", written(lambda f: np.save(f, np.ones((9, 2), complex))), r"'column_1' of 'a\.npy'"),
    # none of these
    "an image": ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(200), r"'.*a\.png' is in no format that lrtui knows"),
    "bytes without a suffix": ("data", bytes(range(256)), r"'.*data' is in no format that lrtui knows"),
}  # fmt: skip
