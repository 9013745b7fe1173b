"""Ranks that each read a share of a file learn from it what one process learns that reads all of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch

from lrtui.core.config import Config, changed
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.loading import load
from lrtui.datasets.preparing import split as splitting
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.progress import NOBODY
from lrtui.datasets.source import Source
from tests.core.distributed.threads import ThreadRanks, on_ranks

pytestmark = pytest.mark.usefixtures("everything_is_large")
ROWS = 700
WORLD = 3


def table() -> pl.DataFrame:
    """A column of every kind; labels and the last levels stand together, and cells are missing last."""
    random = np.random.default_rng(0)
    X = random.normal(size=(ROWS, 2))
    y = np.sort(np.where(X[:, 0] + random.normal(size=ROWS) > 0.5, "yes", "no"))
    words = random.choice(["red", "green", "blue"], ROWS).astype(object)
    words[ROWS // 2 : ROWS // 2 + 40] = "late, with a comma"
    words[-60:-20] = 'the "last"\none'
    holes = random.normal(size=ROWS)
    holes[-30:] = np.nan
    return pl.DataFrame(
        {
            "a": X[:, 0],
            "b": X[:, 1] * 1e3 + 5,
            "word": pl.Series(words.tolist(), dtype=pl.String),
            "holes": pl.Series(holes, nan_to_null=True),
            "day": pl.date_range(pl.date(2020, 1, 1), pl.date(2030, 1, 1), "1d", eager=True)[:ROWS],
            "w": random.uniform(0.5, 2.0, ROWS),
            "who": random.integers(0, 60, ROWS),
            "y": pl.Series([None if number % 50 == 7 else str(one) for number, one in enumerate(y)]),
        }
    )


def write(frame: pl.DataFrame, folder: Path, kind: str) -> str:
    """The table as files: one text, lines of JSON, or columns in three files of several sizes."""
    if kind == "csv":
        frame.write_csv(folder / "data.csv")
    elif kind == "jsonl":
        frame.write_ndjson(folder / "data.jsonl")
    else:
        for number, (start, stop) in enumerate([(0, 50), (50, 60), (60, ROWS)]):
            frame[start:stop].write_parquet(folder / f"data-{number}.parquet", row_group_size=64)
    return str(folder / {"csv": "data.csv", "jsonl": "data.jsonl"}.get(kind, "data-*.parquet"))


def read(source: Source, world: int = WORLD) -> list[Dataset]:
    return on_ranks(world, lambda ranks: load(source, NOBODY, ranks))


def agree(shares: Sequence[Dataset], whole: Dataset) -> None:
    """The shares are what one process has, cut into pieces."""
    for share in shares:
        assert (share.feature_names, share.class_names) == (whole.feature_names, whole.class_names)
        assert share.kinds == whole.kinds
        assert share.readings == whole.readings
        assert share.left_out == whole.left_out
        assert share.remarks == whole.remarks
        assert share.remark == whole.remark
        assert share.gaps == whole.gaps
        assert share.X.dtype == whole.X.dtype
    for name in ("X", "y", "weights", "groups", "times", "strata"):
        parts, expected = [getattr(share, name) for share in shares], getattr(whole, name)
        if expected is None:
            assert parts == [None] * len(parts)
        else:
            np.testing.assert_array_equal(np.concatenate(parts), expected)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_the_shares_together_are_the_table(kind: str, tmp_path: Path) -> None:
    source = Source(write(table(), tmp_path, kind), target="y", weights="w", group="who")
    whole = load(source)
    assert whole.n > 0.9 * ROWS
    shares = read(source)
    agree(shares, whole)
    assert max(share.n for share in shares) < 0.5 * ROWS
    again = read(source)
    agree(again, whole)


@pytest.mark.parametrize("cell", ["word", "1e300", "1e-300"])
def test_a_cell_that_no_first_row_foretold_is_heeded_by_all(cell: str, tmp_path: Path) -> None:
    values = [str(number % 7) for number in range(ROWS)]
    values[-3] = cell
    y = ["u" if number % 3 else "v" for number in range(ROWS)]
    pl.DataFrame(
        {"a": values, "b": list(range(ROWS)), "c": [n % 5 for n in range(ROWS)], "y": y}
    ).write_csv(tmp_path / "data.csv")
    source = Source(str(tmp_path / "data.csv"), target="y")
    agree(read(source), load(source))


def test_more_processes_than_lines_are_some_without_any(tmp_path: Path) -> None:
    source = Source(write(table().gather_every(60), tmp_path, "csv"), target="y", columns=("a", "b"))
    shares = read(source, 16)
    agree(shares, load(source))
    assert min(share.n for share in shares) == 0


ASKED: dict[str, dict[str, Any]] = {
    "plain": {},
    "robust": {"scaling": "robust", "missing": "median", "clip": 0.02},
    "dropped": {"missing": "drop", "validation": 0.2, "scaling": "minmax"},
    "codes": {"missing_codes": (5.0,), "features": "poly2", "drop_columns": ("day", "word")},
}
DIVIDED: dict[str, dict[str, Any]] = {
    "plain": {"weights": "w"},
    "robust": {"group": "who"},
    "dropped": {"time": "b"},
    "codes": {"positive": "no"},
}


def prepare(source: Source, config: Config, ranks: ThreadRanks) -> Problem:
    return problem_of(load(source, NOBODY, ranks), config, single=False, peers=ranks)


@pytest.mark.parametrize("asked", ASKED)
def test_what_is_learned_and_which_rows_are_tested_is_as_for_one_process(
    asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if asked == "codes":
        monkeypatch.setattr(splitting, "DRAWN", 64)
    source = Source(write(table(), tmp_path, "csv"), target="y", **DIVIDED[asked])
    config = changed(Config(), **ASKED[asked])
    whole = problem_of(load(source), config, single=False)
    for _ in range(2):  # made, and then found in the cache
        shares = on_ranks(WORLD, lambda ranks: prepare(source, config, ranks))
        for share in shares:
            assert share.feature_names == whole.feature_names
            assert share.rows == whole.rows
            assert share.labelled == whole.labelled
            assert share.base_rate == whole.base_rate
            np.testing.assert_allclose(
                share.features.scaler.offset, whole.features.scaler.offset, rtol=1e-12
            )
            np.testing.assert_allclose(share.features.scaler.scale, whole.features.scaler.scale, rtol=1e-12)
        first = np.cumsum([0, *(share.labelled for share in shares)])  # of what each has, by its own number
        assert first[-1] == WORLD * whole.labelled
        for part in ("train", "test"):
            design = np.concatenate([getattr(share, f"design_{part}") for share in shares])
            expected = getattr(whole, f"design_{part}")
            ordered = (rows[np.lexsort(rows.round(9).T)] for rows in (design, expected))
            np.testing.assert_allclose(*ordered, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "way",
    [
        {"optimizer": "newton", "epochs": 5},
        {"batch_size": 0, "lr": 0.5, "epochs": 10},
        {"batch_size": 40, "lr": 0.1, "epochs": 3},
        {"batch_size": 40, "lr": 0.1, "epochs": 2, "shuffle": False},
        {"optimizer": "adam", "batch_size": 64, "lr": 0.01, "epochs": 3},
    ],
)
def test_a_run_on_shares_of_a_file_ends_with_the_weights_of_one_process(
    way: dict[str, Any], tmp_path: Path
) -> None:
    source = Source(write(table(), tmp_path, "parquet"), target="y")
    config = changed(Config(), weight_decay=1e-3, init="zeros", **way)
    oracle = Trainer(problem_of(load(source), config, single=False), config, dtype=torch.float64)
    oracle.advance()

    def work(ranks: ThreadRanks) -> list[float]:
        trainer = Trainer(prepare(source, config, ranks), config, dtype=torch.float64, ranks=ranks)
        trainer.advance()
        return trainer.theta

    for theta in on_ranks(5, work):  # more than there are files
        np.testing.assert_allclose(theta, oracle.theta, rtol=1e-9, atol=1e-10)


def test_who_does_not_find_the_files_of_the_first_is_named(tmp_path: Path) -> None:
    source = Source(write(table(), tmp_path, "parquet"), target="y")
    other = Source(str(tmp_path / "data-[01].parquet"), target="y")
    with pytest.raises(DatasetError) as caught:
        on_ranks(2, lambda ranks: load(other if ranks.rank else source, NOBODY, ranks))
    assert caught.value.what.startswith("Rank 1 on ")
    assert "2 files" in caught.value.what
