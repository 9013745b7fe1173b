"""Files of other programs that are not read: known by their first bytes or suffix.

Neither NumPy nor polars in here.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from lrtui.datasets.errors import DatasetError

_PLAIN = re.compile(r"[\w./+ -]+")  # names that stand in a command as they are


@dataclass(frozen=True)
class Foreign:
    """One such kind of files.

    Attributes:
        called: what a person calls it. suffixes: of its files. shows: whether first bytes show it.
        convert: a command; ``FILE`` is the file and ``OUT`` the CSV file. more: what it takes.
    """

    called: str
    suffixes: tuple[str, ...]
    shows: Callable[[bytes], bool]
    convert: str
    more: str = "needs pandas"


def _begins(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda start: start.startswith(magic)


def _python(call: str) -> str:
    return f"python -c \"import pandas; pandas.{call}.to_csv('OUT', index=False)\""


_STATA = re.compile(rb"<stata_dta>|[\x69-\x73][\x01\x02]\x01\x00")
_R = re.compile(rb"[XB]\n\x00\x00\x00[\x02\x03]")
_SAS = b"\0" * 12 + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92"
_PICKLE = re.compile(rb"\x80[\x02-\x05][\x95c}\](\x8c]")
_R_ONE = "Rscript -e \"write.csv(readRDS('FILE'), 'OUT', row.names = FALSE)\""
_R_SOME = "Rscript -e \"write.csv(get(load('FILE')[1]), 'OUT', row.names = FALSE)\""
_MATLAB = "python -c \"import scipy.io, pandas; d = scipy.io.loadmat('FILE'); " + (
    "pandas.DataFrame(next(v for k, v in d.items() if k[0] != '_')).to_csv('OUT', index=False)\""
)

KINDS = (
    Foreign(
        "a Stata file", (".dta",), lambda start: _STATA.match(start) is not None,
        _python("read_stata('FILE')"),
    ),
    Foreign(
        "an SPSS file", (".sav", ".zsav"), _begins(b"$FL2", b"$FL3"), _python("read_spss('FILE')"),
        "needs pandas and pyreadstat",
    ),
    Foreign(
        "an SPSS file", (".por",), lambda start: b"SPSS PORT FILE" in start[:600],
        "python -c \"import pyreadstat; pyreadstat.read_por('FILE')[0].to_csv('OUT', index=False)\"",
        "needs pandas and pyreadstat",
    ),
    Foreign("a SAS file", (".sas7bdat",), _begins(_SAS), _python("read_sas('FILE')")),
    Foreign(
        "a SAS file", (".xpt",), _begins(b"HEADER RECORD*******"),
        _python("read_sas('FILE', format='xport')"),
    ),
    Foreign("a file of R", (".rds",), lambda start: _R.match(start) is not None, _R_ONE, "needs R"),
    Foreign("a file of R", (".rda", ".rdata"), _begins(b"RDX2\n", b"RDX3\n"), _R_SOME, "needs R"),
    Foreign(
        "a pickle", (".pkl", ".pickle"), lambda start: _PICKLE.match(start) is not None,
        _python("read_pickle('FILE')"), "runs what is in it, so do it only if you trust the file",
    ),
    Foreign(
        "a MATLAB file", (".mat",), _begins(b"MATLAB 5.0 MAT-file"), _MATLAB, "needs SciPy and pandas"
    ),
    Foreign(
        "an HDF5 file", (".h5", ".hdf5", ".hdf", ".he5"), _begins(b"\x89HDF\r\n\x1a\n"),
        _python("read_hdf('FILE')"), "needs pandas and tables",
    ),
    Foreign(
        "a SQLite database", (".sqlite", ".sqlite3", ".db", ".db3"), _begins(b"SQLite format 3\0"),
        'sqlite3 -header -csv FILE "SELECT * FROM TABLE" > OUT', "takes the name of its table for TABLE",
    ),
)  # fmt: skip


_NO_TABLES = (  # what is often fetched in place of a file: how it begins, what it is, and what to do
    (
        re.compile(rb"\s*<(!doctype html|html)\b", re.IGNORECASE),
        "a web page, not a table",
        "Fetch the file itself, by the link that downloads it.",
    ),
    (
        re.compile(rb"version https://git-lfs\.github\.com/"),
        "a pointer of Git LFS, not the file it stands for",
        "Fetch that file with: git lfs pull.",
    ),
    (re.compile(rb"%PDF-"), "a PDF file, which is not read", "Save the table in it as CSV."),
)


def foreign_of(name: str, start: bytes) -> Foreign | None:
    """The kind of a file by its first bytes, which say more than its suffix; ``None`` for any other."""
    suffix = PurePath(name).suffix.lower()
    shown = [kind for kind in KINDS if kind.shows(start)]
    named = [kind for kind in KINDS if suffix in kind.suffixes]
    both = [kind for kind in shown if kind in named]  # R's files look alike
    found = both or shown or named
    return found[0] if found else None


def refuse_foreign(name: str, start: bytes, where: str) -> None:
    """Refuse a file of another program, or one that was fetched in place of a table; ``name`` is its path.

    Raises:
        DatasetError: it is one; says which, and how to make a CSV file of it.
    """
    for begins, what, fix in _NO_TABLES:
        if begins.match(start.removeprefix(b"\xef\xbb\xbf")):
            raise DatasetError(f"{where} is {what}.", fix)
    kind = foreign_of(name, start)
    if kind is None:
        return
    file = name if _PLAIN.fullmatch(name) else "FILE"
    out = str(PurePath(file).with_suffix(".csv"))
    if kind.convert.startswith("sqlite3"):
        file, out = shlex.quote(file), shlex.quote(out)
    command = kind.convert.replace("FILE", file).replace("OUT", out)
    raise DatasetError(
        f"{where} is {kind.called}, which is not read.",
        f"{command} makes a CSV file of it; that {kind.more}.",
    )
