"""A page is a terminal, and opens for its address alone."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from lrtui.tui.serving import bundle
from lrtui.tui.serving.server import MOST_PAGES, Server

TOKEN = "a-secret"
# Says the size of its terminal, then gives back each line, and ends at an empty one.
PROGRAM = """
import os, signal, sys
size = lambda *_: print("size", *os.get_terminal_size(), flush=True)
signal.signal(signal.SIGWINCH, size)
size()
print(sys.stdin.isatty(), os.environ["TERM"], os.environ.get("NO_COLOR"))
while line := input():
    print("got", line)
"""


@asynccontextmanager
async def pages(*hosts: str) -> AsyncIterator[TestClient]:
    static = bundle()
    assert static is not None
    server = Server((sys.executable, "-c", PROGRAM), TOKEN, static, hosts=hosts)
    async with TestClient(TestServer(server.app)) as client:
        yield client


def origin(client: TestClient) -> dict[str, str]:
    return {"Origin": str(client.make_url("/").origin())}


async def heard(socket: aiohttp.ClientWebSocketResponse, words: str) -> str:
    """Everything up to the one that has these words."""
    text = ""
    while words not in text:
        text += (await socket.receive_bytes(timeout=30)).decode()
    return text


async def test_what_is_typed_reaches_the_command_and_what_it_writes_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")  # of the terminal that serves, not of the browser
    async with pages() as client:
        where = f"/{TOKEN}/ws?width=99&height=33"
        async with client.ws_connect(where, headers=origin(client)) as socket:
            assert "size 99 33" in await heard(socket, "True xterm-256color None")
            await socket.send_str("nonsense")
            await socket.send_json(["stdin", 3])
            await socket.send_json(["ping", 7])
            assert await socket.receive_json(timeout=30) == ["pong", 7]
            await socket.send_json(["resize", {"width": 120, "height": 40}])
            assert "size 120 40" in await heard(socket, "size 120 40")
            await socket.send_json(["stdin", "größe\r"])
            assert "got größe" in await heard(socket, "got größe")
            await socket.send_json(["stdin", "\r"])
            while not (message := await socket.receive(timeout=30)).type.name.startswith("CLOS"):
                assert message.type is not aiohttp.WSMsgType.ERROR


async def test_a_command_ends_with_its_page_as_where_a_connection_drops() -> None:
    async with pages() as client:
        socket = await client.ws_connect(f"/{TOKEN}/ws", headers=origin(client))
        assert "size 80 24" in await heard(socket, "True")
        await socket.close()
    # The server waits for its commands as it ends: that it has ended is the proof.


async def test_who_has_not_the_address_gets_nothing() -> None:
    async with pages("127.0.0.1") as client:
        for path in ("/", "/guess/", "/guess/ws", f"/{TOKEN}x/", "/static/js/textual.js"):
            assert (await client.get(path)).status == 404
        assert (await client.get(f"/{TOKEN}/static/")).status == 403  # no list of files
        assert (await client.get(f"/{TOKEN}/", headers={"Host": "elsewhere.example"})).status == 403
        for where in ({"Origin": "http://elsewhere.example"}, {}):
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await client.ws_connect(f"/{TOKEN}/ws", headers=where)


async def test_the_page_says_its_address_to_nobody_and_loads_nothing_from_elsewhere() -> None:
    async with pages() as client:
        answer = await client.get(f"/{TOKEN}/")
        text = await answer.text()
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert text.count("://") == text.count(f"ws://127.0.0.1:{client.port}/{TOKEN}/ws") == 1
        for file in ("js/textual.js", "css/xterm.css", "fonts/RobotoMono-VariableFont_wght.ttf"):
            assert file in text
            assert (await client.get(f"/{TOKEN}/static/{file}")).status == 200


async def test_so_many_pages_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrtui.tui.serving.server.MOST_PAGES", 1)
    assert MOST_PAGES > 1
    async with pages() as client, client.ws_connect(f"/{TOKEN}/ws", headers=origin(client)) as socket:
        await heard(socket, "True")
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await client.ws_connect(f"/{TOKEN}/ws", headers=origin(client))
