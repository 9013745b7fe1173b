"""Answers of a server that lead elsewhere, have no end, or do not go on."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading import fetching
from lrtui.datasets.reading.fetching import fetched, is_address
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.source import Source
from tests.datasets.reading.openml_server import PASSENGERS, OpenML, openml

NONE = [
    "", "passengers.arff", "/data/61", "//host/a", "file:///etc/passwd", "javascript:alert(1)", "ftp://host/a",
    "data:,a",
    "http://", "http:///a", "https:a", "http://[", "http://[::1", "http://]:80/", "http://[zz]/a", "http://host:port/",
    "http://host:99999/", "http://host:0/", "http://ho st/", "http://host/a b", "http://hôst/", "http://host/\x1b[31m",
    "http://host/\n", "http://host/" + "a" * 5000, "HTTP//host", "http:/host",
]  # fmt: skip


@pytest.mark.parametrize("url", NONE)
def test_what_is_no_address_of_the_web(url: str) -> None:
    assert not is_address(url)


@pytest.mark.parametrize("url", ["http://h", "https://h:8443/a?b=c#d", "http://[::1]:80/a", "HTTPS://h/"])
def test_what_is_one(url: str) -> None:
    assert is_address(url)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OpenML]:
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path / "fetched"))
    with openml() as state:
        monkeypatch.setenv("LRTUI_OPENML", state.url)
        yield state


def said(name: str = "openml:61") -> str:
    with pytest.raises(DatasetError) as caught:
        read_table(Source(name))
    assert str(caught.value).isprintable()
    assert caught.value.what.endswith(".")
    return str(caught.value)


@pytest.mark.parametrize("url", [*NONE, None, 7, True, [], {}, ["http://host/a"]])
def test_an_answer_with_a_broken_address_makes_no_sense(server: OpenML, url: Any) -> None:
    server.serve(61, "passengers", PASSENGERS, url=url)
    assert "OpenML's answer about openml:61 makes no sense." in said()


@pytest.mark.parametrize("url", NONE[1:])
def test_a_server_of_ones_own_has_an_address(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("LRTUI_OPENML", url)
    assert "LRTUI_OPENML holds " in said("openml:62")


@pytest.mark.parametrize(
    "number", [None, True, -1, 1.5, 10**30, "１", "61; 62", "", "9" * 5000, [61], {"did": 61}, float("inf")]
)
def test_an_answer_with_a_number_that_is_none_makes_no_sense(server: OpenML, number: Any) -> None:
    path = "/api/v1/json/data/list/data_name/passengers/limit/2/status/active/"
    server.reply(path, {"data": {"dataset": [{"did": number, "version": 1}]}})
    assert "OpenML's answer about openml:passengers makes no sense." in said("openml:passengers")


@pytest.mark.parametrize("value", [None, 7, {}, [7, None], [["a"]], "", ",,", True])
def test_names_in_an_answer_that_are_none_are_left_out(server: OpenML, value: Any) -> None:
    server.serve(
        61,
        "passengers",
        PASSENGERS,
        ignore_attribute=value,
        row_id_attribute=value,
        default_target_attribute=value,
    )
    table = read_table(Source("openml:61"))
    assert (table.target, table.frame.width) == (None, 6)


Answer = Callable[[socket.socket], None]


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """A server that answers whatever it is asked in its own way; its address."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()

        def serve() -> None:
            while True:
                try:
                    guest, _ = door.accept()
                except OSError:
                    return
                with guest:
                    guest.recv(65536)
                    try:
                        answer(guest)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/"
        door.shutdown(socket.SHUT_RDWR)


def refusal(answer: Answer, most: int = 1 << 20) -> str:
    with answering(answer) as url, pytest.raises(DatasetError) as caught:
        fetched(url, "openml:61", most)
    return str(caught.value)


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://host/a", "javascript:1", "http://[", "http://host:x/"]
)
def test_no_redirect_leads_out_of_the_web(to: str) -> None:
    def answer(guest: socket.socket) -> None:
        guest.sendall(f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())

    assert "openml:61 cannot be fetched: " in refusal(answer)


def test_redirects_in_a_circle_are_not_followed_for_ever() -> None:
    def answer(guest: socket.socket) -> None:
        guest.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")

    assert "openml:61 cannot be fetched: the server answers 302." in refusal(answer)


def test_an_answer_without_an_end_is_cut() -> None:
    def answer(guest: socket.socket) -> None:
        guest.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            guest.sendall(b"x" * 65536)

    assert "openml:61 is larger than 1 MB." in refusal(answer)


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\nhello"])
def test_an_answer_that_does_not_go_on_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, start: bytes
) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.1)
    gone = threading.Event()

    def answer(guest: socket.socket) -> None:
        guest.sendall(start)
        gone.wait()

    try:
        assert "openml:61 cannot be fetched: " in refusal(answer)
    finally:
        gone.set()


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_answer_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, start: bytes) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.3)
    monkeypatch.setattr(fetching, "SLOWEST", 1e6)
    gone = threading.Event()

    def answer(guest: socket.socket) -> None:
        guest.sendall(start)
        while not gone.wait(0.02):
            guest.sendall(b"a")

    try:
        assert "openml:61 cannot be fetched: " in refusal(answer)
    finally:
        gone.set()
