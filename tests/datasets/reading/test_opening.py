"""Paths that lead to what has no end: nothing of it is waited for."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.files import contents
from lrtui.datasets.reading.opening import NotPlainError, open_plain, read_upto
from lrtui.datasets.source_validation import parse_source

ROWS = b"x,y\n1,a\n2,b\n"


def said(name: str, **options: str) -> str:
    with pytest.raises(DatasetError) as caught:
        parse_source(name, **options)
    return str(caught.value)


Ways = Callable[[str], str]


@pytest.fixture(params=["the table", "the test part", "one of a pattern"])
def refusal(request: pytest.FixtureRequest, tmp_path: Path) -> Ways:
    """What is said of a path, in each of the places where one can stand."""

    def of(path: str) -> str:
        good = tmp_path / "good.csv"
        good.write_bytes(ROWS)
        if request.param == "the table":
            return said(path)
        if request.param == "the test part":
            return said(str(good), test=path)
        link = tmp_path / "good-too.csv"
        link.symlink_to(path)
        return said(str(tmp_path / "good*.csv"))

    return of


def test_a_pipe_without_a_writer(refusal: Ways, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    found = refusal(str(tmp_path / "pipe"))
    assert "is a named pipe, not a file." in found
    assert "Pipe it in: lrtui train - < " in found


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/urandom", "/dev/null", "/dev/tty"])
def test_a_device(refusal: Ways, path: str) -> None:
    if os.path.exists(path):
        assert "is a device, not a file. Copy what you need" in refusal(path)


def test_a_socket(refusal: Ways, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind("s")
        assert "is a socket, not a file." in refusal(str(tmp_path / "s"))


@pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="this system makes up no files")
def test_what_the_system_makes_up_while_it_is_read(refusal: Ways) -> None:
    assert "is made up by the system while it is read, not a file." in refusal("/proc/self/maps")


def test_a_file_that_grows_as_fast_as_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(ROWS)
    read = os.read

    def read_and_meanwhile_grown(descriptor: int, size: int) -> bytes:
        with path.open("ab") as file:
            file.write(ROWS)
        return read(descriptor, size)

    monkeypatch.setattr(os, "read", read_and_meanwhile_grown)
    with pytest.raises(DatasetError, match=r"'a\.csv' changed while it was read"):
        contents(path)
    assert path.stat().st_size < 10 * len(ROWS)


def test_a_plain_file_is_read_so_far_and_no_further(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(ROWS)
    descriptor = open_plain(tmp_path / "a")
    assert read_upto(descriptor, 3) == ROWS[:3]
    assert read_upto(descriptor, 99) == ROWS[3:]
    os.close(descriptor)
    (tmp_path / "empty").touch()
    os.close(open_plain(tmp_path / "empty"))
    with pytest.raises(NotPlainError):
        open_plain(tmp_path)
