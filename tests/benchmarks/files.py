"""From a file to a good model: whole processes against the script that people write instead.

Each pair trains on the same rows and must come to the same test loss: both have the weight decay that
scikit-learn's model has by default, C = 1, which is 1 / rows for a mean loss.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import polars as pl
from sklearn.datasets import load_breast_cancer

from tests.benchmarks.report import Result, duration

LRTUI = str(Path(sys.executable).with_name("lrtui"))
COLUMNS, NUMBERS, LEVELS = 28, 6, (9, 16, 7, 14, 6, 5, 2, 42)
SAME = 0.002  # test loss
LARGE = 20_000_000  # bytes
RUNS, QUICK_RUNS = 5, 1

SPLIT_AND_FIT = """
import json, sys
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
def end(X, y, first):
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42, stratify=y)
    model = make_pipeline(first, LogisticRegression(max_iter=1000)).fit(X_train, y_train)
    print(json.dumps({"test_loss": log_loss(y_test, model.predict_proba(X_test))}))
"""
NUMERIC = f"""{SPLIT_AND_FIT}
import polars as pl
table = pl.read_parquet(sys.argv[1]) if sys.argv[1].endswith("parquet") else pl.read_csv(sys.argv[1])
end(table.drop("y").to_numpy(), table["y"].to_numpy(), StandardScaler())
"""
MIXED = f"""{SPLIT_AND_FIT}
import pandas as pd
from sklearn.compose import ColumnTransformer
table = pd.read_csv(sys.argv[1])
X = table.drop(columns="y")
words = [name for name in X if name.startswith("c")]
numbers = [name for name in X if name.startswith("n")]
encoder = OneHotEncoder(handle_unknown="ignore")
end(X, table["y"], ColumnTransformer([("n", StandardScaler(), numbers), ("c", encoder, words)]))
"""


READ = "import sys, polars; polars.read_csv(sys.argv[1])"


def measure(quick: bool = False) -> list[Result]:
    """Seconds, peak memory and test loss of both; the first run, which fills caches, is not counted."""
    runs = QUICK_RUNS if quick else RUNS
    with TemporaryDirectory(prefix="lrtui-bench-") as name:
        folder = Path(name)
        csv, parquet = write_numbers(folder, 30_000 if quick else 300_000)
        small = folder / "small.csv"
        data = load_breast_cancer()
        write(small, dict(zip(data.feature_names, data.data.T, strict=True)), data.target)
        rows = 30_000 if quick else 300_000
        what = f"{rows:,}×{COLUMNS}"
        found = [
            *compared(f"{what} CSV, newton", csv, newton(rows), NUMERIC, 0.9, runs, folder),
            *compared(f"{what} CSV, no options", csv, (), NUMERIC, 2.0, runs, folder),
            *compared(f"{what} Parquet, newton", parquet, newton(rows), NUMERIC, 0.9, runs, folder),
            *compared("569×30 CSV, newton", small, newton(569), NUMERIC, 1.0, runs, folder),
        ]
        found.append(inspected(what, csv, runs, folder))
        if find_spec("pandas") is not None:  # which comes with the extra `tables`
            rows = 5_000 if quick else 50_000
            mixed = write_mixed(folder, rows)
            what = f"{rows:,} rows of {NUMBERS} numbers and {len(LEVELS)} categories"
            found += compared(f"{what}, newton", mixed, newton(rows), MIXED, 0.7, runs, folder)
        return found


def newton(rows: int) -> tuple[str, ...]:
    """Newton's method with the script's own weight decay."""
    return "--optimizer", "newton", "--weight-decay", repr(1 / round(0.8 * rows))


def write(path: Path, columns: dict[str, object], y: object) -> Path:
    frame = pl.DataFrame({**columns, "y": y})
    frame.write_parquet(path) if path.suffix == ".parquet" else frame.write_csv(path)
    return path


def write_numbers(folder: Path, rows: int) -> tuple[Path, Path]:
    """The same rows as CSV and as Parquet: normal features, labels that follow them with noise."""
    random = np.random.default_rng(0)
    X = random.standard_normal((rows, COLUMNS), np.float32)
    y = (X @ random.normal(size=COLUMNS) / 3 + random.logistic(size=rows) > 0).astype(np.int8)
    columns: dict[str, object] = {f"x{number}": X[:, number] for number in range(COLUMNS)}
    return write(folder / "large.csv", columns, y), write(folder / "large.parquet", columns, y)


def write_mixed(folder: Path, rows: int) -> Path:
    """Numbers of six scales and words, like a census; labels that follow a few of them."""
    random = np.random.default_rng(0)
    columns: dict[str, object] = {f"n{j}": random.normal(size=rows) * 10.0**j for j in range(NUMBERS)}
    codes = [random.integers(0, levels, rows) for levels in LEVELS]
    columns |= {f"c{j}": [f"v{code}" for code in each] for j, each in enumerate(codes)}
    z = columns["n0"] + (codes[0] % 3 - 1.0) + random.logistic(size=rows)
    return write(folder / "mixed.csv", columns, np.where(z > 0.5, ">50K", "<=50K"))


def inspected(what: str, path: Path, runs: int, folder: Path) -> Result:
    """A look at a table against the time in which polars reads it."""
    ours = (LRTUI, "inspect", str(path), "--json")
    theirs = (sys.executable, "-c", READ, str(path))
    pairs = [(process(ours, folder)[0], process(theirs, folder)[0]) for _ in range(runs + 1)][1:]
    took, against = (duration(median(side)) for side in zip(*pairs, strict=True))
    return Result(f"{what} CSV, inspected", took, f"polars {against}", median(a / b for a, b in pairs), 2.0)


def compared(
    what: str, path: Path, options: Sequence[str], script: str, bar: float, runs: int, folder: Path
) -> list[Result]:
    """Rows for the time, the memory and the test loss of lrtui and of a script, in turn."""
    ours = (LRTUI, "train", str(path), "--target", "y", *options, "--json", "--quiet")
    theirs = (sys.executable, "-c", script, str(path))
    pairs = [(process(ours, folder), process(theirs, folder)) for _ in range(runs + 1)][1:]

    def side_by_side(of: Callable[[tuple[float, float, float]], float]) -> tuple[float, float, float]:
        both = [(of(mine), of(other)) for mine, other in pairs]
        mine, other = (median(side) for side in zip(*both, strict=True))
        return mine, other, median(a / b for a, b in both)

    took, against, ratio = side_by_side(lambda one: one[0])
    peak, limit, share = side_by_side(lambda one: one[1])
    apart = max(abs(mine[2] - other[2]) for mine, other in pairs)
    found = [Result(what, duration(took), f"script {duration(against)}", ratio, bar)]
    if path.stat().st_size > LARGE:  # of a small table the memory is that of the libraries
        megabytes = f"{peak / 1e6:,.0f} MB"
        found.append(Result("its peak memory", megabytes, f"script {limit / 1e6:,.0f} MB", share, 1.0))
    return [*found, Result("its test loss, apart by", f"{apart:.4f}", f"{SAME}", apart / SAME, 1.0)]


def process(command: Sequence[str], folder: Path) -> tuple[float, float, float]:
    """Seconds, peak bytes and, where it trains, test loss of a command in a process of its own."""
    environment = {**os.environ, "LRTUI_HOME": str(folder / "home")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled
    started = perf_counter()
    running = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert running.stdout is not None
    said = running.stdout.read()
    _, status, usage = os.wait4(running.pid, 0)
    took = perf_counter() - started
    running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0, command
    unit = 1 if sys.platform == "darwin" else 1024
    return took, float(usage.ru_maxrss * unit), float(json.loads(said or "{}").get("test_loss", "nan"))
