"""Tables by name: those that scikit-learn brings along, and those of OpenML."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import datasets as bundle
from sklearn.datasets import _openml, fetch_openml

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.loading import load
from lrtui.datasets.reading import fetching
from lrtui.datasets.reading import openml as tables
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.source import BUNDLED, Source
from lrtui.datasets.source_validation import parse_source
from tests.datasets.reading.making import column
from tests.datasets.reading.openml_server import PASSENGERS, OpenML, openml

# scikit-learn's tables


@pytest.mark.parametrize("name", BUNDLED)
def test_every_bundled_table_as_scikit_learn_has_it(name: str) -> None:
    table = read_table(Source(f"sklearn:{name}"))
    options = {"scaled": False} if name == "diabetes" else {}
    expected: Any = getattr(bundle, f"load_{name}")(**options)
    features = table.frame.select(map(str, expected.feature_names)).to_numpy()
    np.testing.assert_array_equal(features, expected.data)
    assert table.where == f"sklearn:{name}"
    assert table.target == (None if name == "linnerud" else "target")


def test_classes_have_names() -> None:
    assert set(column(read_table(Source("sklearn:iris")), "target")) == {
        "setosa",
        "versicolor",
        "virginica",
    }
    assert set(column(read_table(Source("sklearn:digits")), "target")) == set(map(str, range(10)))
    assert load(parse_source("sklearn:iris", positive="setosa")).class_names[1] == "setosa"


def test_a_table_that_scikit_learn_has_not() -> None:
    with pytest.raises(DatasetError, match="brings no table called 'mnist'"):
        read_table(Source("sklearn:mnist"))


# OpenML


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OpenML]:
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path / "fetched"))
    monkeypatch.setattr(fetching, "PATIENCE", 5)
    with openml() as state:
        monkeypatch.setenv("LRTUI_OPENML", state.url)
        yield state


def passengers(server: OpenML, **more: Any) -> None:
    about = {"default_target_attribute": "survived", "row_id_attribute": "id", "ignore_attribute": ["boat"]}
    server.serve(61, "passengers", PASSENGERS, **{**about, **more})


def test_a_table_by_number_without_what_is_to_be_ignored(server: OpenML) -> None:
    passengers(server)
    table = read_table(Source("openml:61"))
    assert table.frame.rows(named=True) == [
        {"survived": "1", "name": "Allen, Miss. Elisabeth", "sex": "female", "age": 29.0},
        {"survived": "0", "name": "Allison, Mr. Hudson", "sex": "male", "age": None},
        {"survived": "1", "name": "Anderson, Mr. 'Harry'", "sex": "male", "age": 48.0},
    ]
    assert (table.where, table.target, table.remarks) == ("openml:61", "survived", ())


def test_a_table_by_name_tells_which_version_it_is(server: OpenML) -> None:
    passengers(server)
    versions = [
        {"did": 61, "name": "passengers", "version": 3, "status": "active"},
        {"did": 99, "version": 4},
    ]
    path = "/api/v1/json/data/list/data_name/passengers/limit/2/status/active/"
    server.reply(path, {"data": {"dataset": versions}})
    table = read_table(Source("openml:passengers"))
    assert table.frame.height == 3
    assert table.remarks == (
        "openml:passengers has more than one version; version 3, openml:61, is taken.",
    )


def test_what_was_fetched_is_kept(server: OpenML, monkeypatch: pytest.MonkeyPatch) -> None:
    passengers(server)
    first = read_table(Source("openml:61")).frame
    asked = list(server.asked)
    server.replies.clear()
    assert read_table(Source("openml:61")).frame.equals(first)
    assert server.asked == asked


def test_it_is_fetched_all_the_same_where_nothing_can_be_kept(
    server: OpenML, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passengers(server)
    (tmp_path / "occupied").touch()
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path / "occupied"))
    assert read_table(Source("openml:61")).frame.height == 3


def test_a_table_of_numbers_as_scikit_learn_fetches_it(
    server: OpenML, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = (
        b"@relation n\n@attribute a real\n@attribute b integer\n@attribute y {u,v}\n@data\n1.5,2,u\n3,?,v\n"
    )
    server.serve(7, "numbers", numbers, default_target_attribute="y", description="")
    features = [
        {"index": str(i), "name": n, "data_type": "numeric", "is_target": "false"}
        for i, n in enumerate("ab")
    ]
    features.append(
        {
            "index": "2",
            "name": "y",
            "data_type": "nominal",
            "is_target": "true",
            "nominal_value": ["u", "v"],
        }
    )
    for feature in features:
        feature |= {"is_ignore": "false", "is_row_identifier": "false", "number_of_missing_values": "0"}
    server.reply("/api/v1/json/data/features/7", {"data_features": {"feature": features}})
    server.reply(
        "/api/v1/json/data/qualities/7",
        {"data_qualities": {"quality": [{"name": "NumberOfInstances", "value": "2"}]}},
    )
    for name in ("_SEARCH_NAME", "_DATA_INFO", "_DATA_FEATURES", "_DATA_QUALITIES"):
        monkeypatch.setattr(
            _openml, name, getattr(_openml, name).replace("https://www.openml.org", server.url)
        )
    expected = fetch_openml(
        data_id=7, as_frame=False, parser="liac-arff", data_home=str(tmp_path / "theirs")
    )
    table = read_table(Source("openml:7"))
    np.testing.assert_array_equal(table.frame.select("a", "b").to_numpy(), expected.data)
    assert column(table, "y") == expected.target.tolist()
    assert table.target == "y"


# What can go wrong


def said(name: str = "openml:61") -> str:
    with pytest.raises(DatasetError) as caught:
        read_table(Source(name))
    assert caught.value.fix.endswith(".")
    assert str(caught.value).isprintable()
    return caught.value.what


def test_a_table_that_openml_has_not(server: OpenML) -> None:
    assert "OpenML has no table '62'" in said("openml:62")
    assert "OpenML has no table 'nothing'" in said("openml:nothing")
    server.reply("/api/v1/json/data/list/data_name/none/limit/2/status/active/", {"data": {"dataset": []}})
    assert "OpenML's answer about openml:none makes no sense" in said("openml:none")


def test_no_network(server: OpenML, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("LRTUI_OPENML", f"http://127.0.0.1:{port}")
    assert "openml:61 cannot be fetched: connection refused." in said()
    monkeypatch.setenv("LRTUI_OPENML", "http://no-such-host.invalid")
    assert "openml:61 cannot be fetched: " in said()


def test_a_server_that_is_out_of_order(server: OpenML) -> None:
    server.replies["/api/v1/json/data/61"] = (503, b"")
    assert "openml:61 cannot be fetched: the server answers 503" in said()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"data_set_description": 7}',
        b'{"data_set_description": {}}',
        b"[" * 99_999,
    ],
)
def test_an_answer_that_makes_no_sense(server: OpenML, answer: bytes) -> None:
    server.replies["/api/v1/json/data/61"] = (200, answer)
    assert "OpenML's answer about openml:61 makes no sense" in said()


def test_no_address_but_the_web_is_followed(
    server: OpenML, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_bytes(PASSENGERS)
    passengers(server, url=f"file://{tmp_path}/secret")
    assert "makes no sense" in said()


def test_an_answer_that_is_cut_off(server: OpenML) -> None:
    passengers(server)
    server.short = 30
    assert "openml:61 c" in said()


def test_a_file_that_came_damaged(server: OpenML) -> None:
    passengers(server, md5_checksum="0" * 32)
    assert "openml:61 came damaged or cut off: its checksum is another" in said()


def test_a_file_that_is_no_arff(server: OpenML) -> None:
    server.serve(61, "passengers", gzip.compress(PASSENGERS))
    assert "openml:61 " in said()


def test_a_file_without_end(server: OpenML, monkeypatch: pytest.MonkeyPatch) -> None:
    passengers(server)
    monkeypatch.setattr(tables, "MOST", 100)
    assert "openml:61 is larger than" in said()


# What is kept


def test_what_was_kept_and_is_damaged_is_fetched_anew(server: OpenML, tmp_path: Path) -> None:
    passengers(server)
    expected = read_table(Source("openml:61")).frame
    kept = sorted((tmp_path / "fetched" / "lrtui").iterdir())
    assert len(kept) == 2
    for path in kept:
        whole = path.read_bytes()
        for place in (len(whole) - 9, len(whole) // 2):
            asked = len(server.asked)
            damaged = bytearray(whole)
            damaged[place] ^= 1
            path.write_bytes(damaged)
            assert read_table(Source("openml:61")).frame.equals(expected)
            assert len(server.asked) == asked + 1
            assert path.read_bytes() == whole
    assert sorted((tmp_path / "fetched" / "lrtui").iterdir()) == kept
    assert (tmp_path / "fetched").stat().st_mode & 0o777 == 0o700


def test_a_file_of_a_person_is_neither_believed_nor_replaced(server: OpenML, tmp_path: Path) -> None:
    passengers(server)
    expected = read_table(Source("openml:61")).frame
    kept = sorted((tmp_path / "fetched" / "lrtui").iterdir())
    (tmp_path / "outside").write_text("mine")
    kept[0].write_text("mine")
    kept[1].unlink()
    kept[1].symlink_to(tmp_path / "outside")
    assert read_table(Source("openml:61")).frame.equals(expected)
    assert kept[0].read_text() == (tmp_path / "outside").read_text() == "mine"
    assert kept[1].is_symlink()
    assert sorted((tmp_path / "fetched" / "lrtui").iterdir()) == kept


def test_without_a_home_folder_nothing_is_kept(
    server: OpenML, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passengers(server)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", "~nobody-such/data")
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    assert read_table(Source("openml:61")).frame.height == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == before
