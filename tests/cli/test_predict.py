"""``lrtui predict``: other rows, a file of their labels and probabilities, and what was unlike training."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from lrtui.core.store import Store
from lrtui.datasets.source import Source
from lrtui.tui.cli.group import main
from tests.cli.commands import Lrtui, refused
from tests.core.export.tables import every_kind, trained, written


@pytest.fixture
def rows(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run on a table, and other rows of the same kind, in the working folder."""
    monkeypatch.chdir(tmp_path)
    trained(store, Source(str(written(every_kind(), tmp_path / "train.csv")), target="risk"))
    return written(every_kind(50, seed=1), tmp_path / "new.csv")


def test_a_row_for_each_is_written_and_told(lrtui: Lrtui, rows: Path) -> None:
    code, out, err = lrtui("predict", "last", "new.csv", "--out", "p.csv")
    assert (code, err) == (0, "")
    assert "50 rows of" in out
    assert "  accuracy" in out
    found = pl.read_csv("p.csv")
    assert found.columns == ["row", "label", "probability of bad", "probability of good"]
    assert found["row"].to_list() == list(range(1, 51))
    labels = ["good" if p >= 0.5 else "bad" for p in found["probability of good"]]
    assert found["label"].to_list() == labels
    code, out, _ = lrtui("predict", "1", "new.csv", "--out", "p.parquet", "--json")
    told = json.loads(out)
    assert code == 0
    assert pl.read_parquet("p.parquet").equals(found)
    assert told["labels"] == {name: labels.count(name) for name in ("good", "bad")}
    right = sum(map(str.__eq__, labels, pl.read_csv("new.csv")["risk"]))
    assert told["scores"]["accuracy"] == pytest.approx(right / 50)


def test_labels_that_are_none_of_the_classes_are_said_and_not_scored(lrtui: Lrtui, rows: Path) -> None:
    frame = pl.read_csv(rows)
    strange = pl.when(pl.int_range(50).is_in([7, 9])).then(pl.lit("good.")).otherwise("risk")
    frame.with_columns(risk=strange).write_csv(rows)
    code, out, _ = lrtui("predict", "last", "new.csv")
    said = "Target 'risk': 'good.' in row 8 is none of the classes 'bad', 'good', and 1 more; not scored."
    assert (code, said in out) == (0, True)
    assert "on 48 rows with a label" in out
    frame.with_columns(risk=pl.col("risk").str.to_uppercase()).write_csv(rows)
    _, out, _ = lrtui("predict", "last", "new.csv", "--json")
    told = json.loads(out)
    assert (told["scores"], told["unlabelled"]) == (None, 50)
    first = frame["risk"][0].upper()
    assert told["unknown_labels"] == {"count": 50, "row": 1, "text": first, "level": True}


def test_on_standard_output_stands_the_table_alone(
    rows: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with pytest.raises(SystemExit):
        main(("predict", "1", "new.csv", "--out", "-"))
    out, err = capfdbinary.readouterr()
    assert pl.read_csv(out).shape == (50, 4)
    assert b"50 rows of" in err


def test_nothing_is_written_over_or_left_half(lrtui: Lrtui, rows: Path, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("mine")
    assert "is there already" in refused(lrtui("predict", "1", "new.csv", "--out", "p.csv"))
    assert (tmp_path / "p.csv").read_text() == "mine"
    assert lrtui("predict", "1", "new.csv", "--out", "p.csv", "--force")[0] == 0
    assert pl.read_csv("p.csv").height == 50
    refused(lrtui("predict", "1", "new.csv", "--out", "p.txt"))
    refused(lrtui("predict", "1", "new.csv", "--out", "no/p.csv"))
    refused(lrtui("predict", "1", "new.csv", "--out", "-", "--json"))
    refused(lrtui("predict", "1", "nothing.csv"))
    (tmp_path / "empty.csv").write_text("age\n1\n")
    assert "lacks the columns" in refused(lrtui("predict", "1", "empty.csv", "--out", "q.csv"))
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == (
        ["empty.csv", "new.csv", "p.csv", "train.csv"]
    )
