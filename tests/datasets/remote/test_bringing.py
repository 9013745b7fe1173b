"""Data elsewhere, as if it lay here: fetched once, asked whether it changed, read as any file."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lrtui.datasets import copies, loading
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.loading import fetch, load
from lrtui.datasets.progress import Cancelled, Progress, Step
from lrtui.datasets.remote.streaming import listed
from lrtui.datasets.source import Source
from lrtui.datasets.storage.cache import Cache
from tests.datasets.remote.cloud import SECRET, Cloud

ROWS = 120


def table(seed: int = 0) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "age": random.normal(40, 10, ROWS).round(3),
            "town": random.choice(["Ulm", "Köln", "a, b"], ROWS),
            "y": random.choice(["no", "yes"], ROWS),
        }
    )


def as_bytes(frame: pl.DataFrame, name: str) -> bytes:
    file = io.BytesIO()
    if name.endswith(".parquet"):
        frame.write_parquet(file)
    elif name.endswith(".arrow"):
        frame.write_ipc(file)
    elif name.endswith(".jsonl"):
        frame.write_ndjson(file)
    else:
        frame.write_csv(file)
    return gzip.compress(file.getvalue()) if name.endswith(".gz") else file.getvalue()


def same(found: Dataset, expected: Dataset) -> None:
    np.testing.assert_array_equal(np.asarray(found.X), np.asarray(expected.X))
    np.testing.assert_array_equal(found.y, expected.y)
    assert (found.feature_names, found.class_names) == (expected.feature_names, expected.class_names)


NAMES = ["t.csv", "t.csv.gz", "t.parquet", "t.arrow", "t.jsonl"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("large", [False, True])
def test_every_format_gives_what_the_same_file_gives_here(
    there: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, large: bool
) -> None:
    if large:
        monkeypatch.setattr(loading, "LARGE_BYTES", 0)
    there.signed = True
    there.objects[f"/bucket/folder/{name}"] = as_bytes(table(), name)
    here = tmp_path / name.removesuffix(".gz")  # a packed one is only read whole here
    here.write_bytes(as_bytes(table(), here.name))
    found = load(Source(f"s3://bucket/folder/{name}", target="y"))
    same(found, load(Source(str(here), target="y")))
    assert name in found.where


def test_a_pattern_is_all_that_match_in_order_every_request_signed(there: Cloud, tmp_path: Path) -> None:
    there.signed = True
    for number in range(2 * 2 + 1):  # on three pages
        there.objects[f"/bucket/part-{number}.parquet"] = as_bytes(table(number), ".parquet")
        (tmp_path / f"part-{number}.parquet").write_bytes(as_bytes(table(number), ".parquet"))
    there.objects["/bucket/other.parquet"] = b"not read"
    found = load(Source("s3://bucket/part-*.parquet", target="y"))
    same(found, load(Source(str(tmp_path / "part-*.parquet"), target="y")))
    assert found.n == 5 * ROWS


def test_objects_of_one_name_in_many_folders(there: Cloud) -> None:
    for year in (2024, 2025):
        there.objects[f"/bucket/{year}/t.csv"] = as_bytes(table(year), "t.csv")
    assert load(Source("s3://bucket/*/t.csv", target="y")).n == 2 * ROWS


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [
        ("p?.csv", [1, 2]),
        ("p[!1].csv", [2]),
        ("p*(1).csv", [3]),
        ("*1+.csv", [4]),
        ("*|p1.csv", []),
        ("p[2-1]*.csv", []),
        ("**/p?.csv", [1, 2, 5]),
    ],
)
def test_a_pattern_is_read_as_in_a_shell_not_as_an_expression(
    there: Cloud, pattern: str, numbers: list[int]
) -> None:
    names = ["p1.csv", "p2.csv", "p(1).csv", "p1+.csv", "sub/p1.csv", "p11.csv"]
    there.objects |= {f"/bucket/in/{name}": b"a" for name in names}
    expected = sorted(f"s3://bucket/in/{names[number - 1]}" for number in numbers)
    try:
        assert listed(f"s3://bucket/in/{pattern}", Progress()) == expected
    except DatasetError as error:
        assert "Nothing matches" in error.what  # noqa: PT017
        assert not expected


@pytest.mark.parametrize(
    "address", ["gs://bucket/a b/50%25é.parquet", "{url}/bucket/a%20b/50%2525é.parquet?dl=1"]
)
def test_the_web_and_google_go_the_same_way(there: Cloud, address: str) -> None:
    there.objects["/bucket/a b/50%25é.parquet"] = as_bytes(table(), ".parquet")
    found = load(Source(address.format(url=there.url), target="y"))
    assert (found.n, found.source.label) == (ROWS, "50%25é.parquet")


def test_a_server_that_sends_us_elsewhere(there: Cloud) -> None:
    there.objects["/bucket/t.csv"] = as_bytes(table(), "t.csv")
    there.odd["/away/t.csv"] = "sends away"
    assert load(Source(f"{there.url}/away/t.csv", target="y")).n == ROWS


def test_a_test_part_elsewhere(there: Cloud, tmp_path: Path) -> None:
    there.objects["/bucket/test.csv"] = as_bytes(table(1), "t.csv")
    (tmp_path / "t.csv").write_bytes(as_bytes(table(), "t.csv"))
    found = load(Source(str(tmp_path / "t.csv"), target="y", test="s3://bucket/test.csv"))
    assert found.n == 2 * ROWS


def test_text_keeps_its_quotes_marks_and_blank_lines(there: Cloud) -> None:
    there.objects["/bucket/t.csv"] = b'\xef\xbb\xbfa,"b\r\nc",y\r\n1,"x ""q""",0\r\n\r\n2,"m\nn",1\r\n3,,0'
    source = Source("s3://bucket/t.csv", target="y")
    fetch(source)
    text = copies.copied(source.name).paths[0].read_bytes()
    assert text == there.objects["/bucket/t.csv"].replace(b"\r", b"") + b"\n"


def test_text_that_loses_a_byte_a_line_came_to_its_end(there: Cloud) -> None:
    there.objects["/bucket/t.csv"] = b"a,y\r\n" + b"1,0\r\n2,1\r\n" * 400
    assert load(Source("s3://bucket/t.csv", target="y")).n == 800


# Once, and again when it changed


def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "FRESH", 0)


def test_what_is_the_same_is_fetched_once_by_all_processes(
    there: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_anew(monkeypatch)
    source = Source("s3://bucket/t.csv", target="y")
    there.objects["/bucket/t.csv"] = as_bytes(table(), "t.csv")
    first = load(source)
    there.asked.clear()
    same(load(source), first)
    assert [method for method, *_ in there.asked] == ["HEAD"]
    copies._held.clear()  # another process
    same(load(source), first)
    assert there.gets() == 0
    there.objects["/bucket/t.csv"] = as_bytes(table(1), "t.csv")
    assert not np.array_equal(load(source).X, first.X)


def test_a_server_that_tells_no_state_is_asked_for_all_once_a_process(there: Cloud) -> None:
    source = Source(f"{there.url}/bucket/t.csv", target="y")
    there.objects["/bucket/t.csv"] = as_bytes(table(), "t.csv")
    there.odd["/bucket/t.csv"] = "no tag"
    load(source)
    gets = there.gets()
    load(source)
    assert there.gets() == gets


@pytest.mark.parametrize("odd", ["no head", "head refused"])
def test_a_server_that_knows_no_head_is_asked_for_a_byte(there: Cloud, odd: str) -> None:
    there.objects["/bucket/t.csv"] = as_bytes(table(), "t.csv")
    there.odd["/bucket/t.csv"] = odd
    assert load(Source(f"{there.url}/bucket/t.csv", target="y")).n == ROWS
    assert ("GET", "/bucket/t.csv", "bytes=0-0") in there.asked


def test_a_server_that_is_busy_is_asked_again(there: Cloud) -> None:
    there.objects["/bucket/t.csv"] = as_bytes(table(), "t.csv")
    there.odd["/bucket/t.csv"] = "busy"
    assert load(Source("s3://bucket/t.csv", target="y")).n == ROWS


def test_what_changes_while_it_comes_is_refused_and_not_kept(there: Cloud) -> None:
    there.objects["/bucket/t.csv"] = as_bytes(table(), "t.csv")

    def change(step: Step) -> None:
        if step.what == "fetching":
            there.objects["/bucket/t.csv"] = as_bytes(table(1), "t.csv")

    with pytest.raises(DatasetError, match="changed while it was read"):
        load(Source("s3://bucket/t.csv", target="y"), Progress(tell=change))
    assert Cache().entries() == []


def test_calling_it_off_leaves_nothing(there: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    there.objects["/bucket/t.csv"] = as_bytes(table(), "t.csv")
    steps: list[Step] = []
    with pytest.raises(Cancelled):
        load(
            Source("s3://bucket/t.csv", target="y"),
            Progress(lambda: not any(step.what == "fetching" for step in steps), steps.append),
        )
    assert Cache().entries() == []
    assert copies.held("s3://bucket/t.csv") is None


def test_how_far_it_is_is_told(there: Cloud) -> None:
    there.objects["/bucket/t.csv"] = as_bytes(pl.concat([table(seed) for seed in range(200)]), "t.csv")
    steps: list[Step] = []
    load(Source("s3://bucket/t.csv", target="y"), Progress(tell=steps.append))
    fetching = [step.share for step in steps if step.what == "fetching"]
    assert fetching == sorted(fetching)
    assert 0 <= fetching[0] <= fetching[-1] < 1


def test_the_cache_names_the_address_and_holds_no_credential(there: Cloud) -> None:
    there.objects["/bucket/t.csv"] = as_bytes(table(), "t.csv")
    load(Source("s3://bucket/t.csv", target="y"))
    (entry,) = Cache().entries()
    assert (entry.file, entry.what, entry.in_use) == ("s3://bucket/t.csv", "copy", True)
    held = [path.read_bytes() for path in Cache().folder.rglob("*") if path.is_file()]
    assert not any(SECRET.encode() in content for content in held)
    copies._held.clear()
    assert Cache().remove([entry.name]) == [entry.name]


def test_a_source_travels_as_json(there: Cloud) -> None:
    source = Source("s3://bucket/part-*.csv", target="y")
    assert Source.from_dict(json.loads(json.dumps(source.to_dict()))) == source
    assert source.is_file
    assert source.is_table
    assert source.elsewhere == ("s3://bucket/part-*.csv",)
