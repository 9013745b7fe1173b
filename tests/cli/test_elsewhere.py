"""Data elsewhere on the command line: an address wherever a path is taken, and no secret anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lrtui.core.store import Status, Store
from lrtui.datasets import copies
from tests.cli.commands import Lrtui, refused
from tests.datasets.remote.cloud import SECRET, Cloud
from tests.datasets.remote.conftest import server, there

__all__ = ["server", "there"]  # fixtures

ROWS = b"".join(b"%d,%d,%s\n" % (i, i * 7 % 11, b"yes" if i * 7 % 11 > 5 else b"no") for i in range(120))


@pytest.fixture
def address(there: Cloud) -> str:
    there.signed = True
    there.objects["/bucket/t.csv"] = b"a,b,y\n" + ROWS
    return "s3://bucket/t.csv"


def test_train_inspect_predict_and_report_take_an_address(
    lrtui: Lrtui, address: str, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_bytes(b"a,b,y\n" + ROWS)
    code, out, err = lrtui("inspect", address, "--json")
    assert (code, json.loads(out)["rows"]) == (0, 120), err
    runs = []
    for name in (address, str(tmp_path / "t.csv")):
        code, out, err = lrtui("train", name, "--target", "y", "--epochs", "20", "--json")
        assert code == 0, err
        runs.append(json.loads(out))
    assert runs[0]["test_loss"] == runs[1]["test_loss"]
    code, out, err = lrtui("predict", str(runs[0]["run_id"]), address, "--json")
    assert (code, json.loads(out)["rows"], json.loads(out)["data"]) == (0, 120, address), err
    code, out, err = lrtui("show", str(runs[0]["run_id"]))
    assert (code, "t.csv" in out) == (0, True), err
    assert "A plain script cannot read the data: it lies elsewhere." in refused(
        lrtui("export", str(runs[0]["run_id"]), "pytorch", str(tmp_path / "t.py"))
    )
    assert "Files are written on this machine alone." in refused(
        lrtui("predict", str(runs[0]["run_id"]), address, "--out", "s3://bucket/p.csv")
    )
    code, out, err = lrtui("cache", "--json")
    assert address in [one["file"] for one in json.loads(out)]
    assert "'t.csv' is in use by a running lrtui" in lrtui("cache", "clear", address)[2]
    other = refused(lrtui("cache", "clear", f"{address}?token=hush"))
    assert "Nothing is cached under 's3://bucket/t.csv'." in other
    assert "hush" not in other
    with Store() as store:
        assert store.runs.get(runs[0]["run_id"]).source.name == address
    kept = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    assert not any(SECRET.encode() in content for content in kept)


def test_what_is_wrong_elsewhere_ends_with_two_sentences(lrtui: Lrtui, address: str, there: Cloud) -> None:
    there.odd["/bucket/t.csv"] = "404"
    assert "There is no 's3://bucket/t.csv'." in refused(lrtui("train", address, "--target", "y"))
    there.odd["/bucket/t.csv"] = "403"
    assert "its server refuses it" in refused(lrtui("inspect", address))
    assert "what may be a key" in refused(lrtui("train", f"{there.url}/t.csv?X-Amz-Signature=hush"))
    assert "hush" not in refused(lrtui("train", "https://me:hush@host/t.csv", "--target", "y"))


def test_a_run_goes_on_with_the_copy_and_minds_another_state(
    lrtui: Lrtui, address: str, there: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "FRESH", 0)
    run = str(json.loads(lrtui("train", address, "--target", "y", "--epochs", "20", "--json")[1])["run_id"])
    there.asked.clear()
    assert lrtui("inside", run, "coefficients")[0] == 0
    assert there.gets() == 0
    there.objects["/bucket/t.csv"] = b"a,b,y\n" + ROWS.replace(b",yes", b",maybe")
    code, out, err = lrtui("train", "--from", run, "--epochs", "30")
    assert (code, out) == (2, "")
    assert "The data of t.csv is no longer what the weights were learned on" in err


@pytest.mark.parametrize("stopped_at", [20, 12])
def test_a_run_whose_server_is_gone_is_as_it_was_and_goes_on_once_it_is_back(
    lrtui: Lrtui, address: str, there: Cloud, monkeypatch: pytest.MonkeyPatch, stopped_at: int
) -> None:
    monkeypatch.setattr(copies, "FRESH", 0)
    run = json.loads(lrtui("train", address, "--target", "y", "--epochs", "20", "--json")[1])["run_id"]
    with Store() as store:
        store.runs.update(run, epoch=stopped_at)
        store.runs.update(run, status=Status.FINISHED if stopped_at == 20 else Status.INTERRUPTED)
    there.odd["/bucket/t.csv"] = "404"
    more = ("--epochs", "30") if stopped_at == 20 else ()
    assert "There is no 's3://bucket/t.csv'." in refused(lrtui("resume", str(run), *more))
    assert "There is no 's3://bucket/t.csv'." in lrtui("show", str(run))[1]
    with Store() as store:
        assert store.runs.get(run).status is (Status.FINISHED if more else Status.INTERRUPTED)
    there.odd.clear()
    code, out, err = lrtui("resume", str(run), *more)
    assert (code, "finished after" in out) == (0, True), err
    assert "There is no" not in lrtui("show", str(run))[1]
