"""A web server whose every page is a terminal with lrtui in it, for who knows its address alone.

What runs in the browser, xterm.js, comes from textual-serve, and so does what it says over its socket:
``["stdin", text]``, ``["resize", {"width": …, "height": …}]``, ``["ping", …]``; what it gets are bytes for
the screen. The terminals are pseudo-terminals of this machine, so the dashboard is the same as over SSH.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from lrtui.tui.serving.pseudo_terminal import PseudoTerminal

PAGE = Path(__file__).with_name("page.html")
MOST_PAGES = 16  # at a time: each is a process
LARGEST_MESSAGE = 1 << 20
HEARTBEAT = 15.0  # seconds between the questions whether a page is still there
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # which would tell the address
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Pages below ``/TOKEN/``; everything else is not found."""

    def __init__(self, command: Sequence[str], token: str, static: Path, *, hosts: Sequence[str]) -> None:
        """``hosts`` are the names by which it may be called; with none any will do."""
        self._command, self._token, self._hosts = command, token, hosts
        self._open: set[web.WebSocketResponse] = set()
        self._ending: set[asyncio.Task[None]] = set()

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._guarded(request, handler)

        self.app = web.Application(middlewares=[guarded])
        self.app.router.add_get(f"/{token}/", self._page)
        self.app.router.add_get(f"/{token}/ws", self._socket)
        self.app.router.add_static(f"/{token}/static", static)
        self.app.on_shutdown.append(self._leave)
        self.app.on_cleanup.append(self._all_ended)

    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Only who has the token, and calls this machine by its name: no page of another site."""
        given = request.path.split("/")[1]
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            raise web.HTTPNotFound
        # A name that someone else owns can be made to lead here, and its pages would then be let in.
        if self._hosts and request.url.host not in self._hosts:
            raise web.HTTPForbidden(text="This address is not called by that name.")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    async def _page(self, request: web.Request) -> web.StreamResponse:
        address = request.url.with_scheme("wss" if request.url.scheme == "https" else "ws")
        text = PAGE.read_text(encoding="utf-8").replace(
            "{{socket}}", str(address.with_path(request.path + "ws"))
        )
        return web.Response(text=text, content_type="text/html")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if origin != str(request.url.origin()):
            raise web.HTTPForbidden(text="Another site's page may not open a terminal.")
        if len(self._open) >= MOST_PAGES:
            raise web.HTTPServiceUnavailable(text=f"{MOST_PAGES} pages are open; close one.")
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=LARGEST_MESSAGE)
        await socket.prepare(request)
        self._open.add(socket)
        try:
            await self._shown(socket, *(_cells(request.query.get(side)) for side in ("width", "height")))
        finally:
            self._open.discard(socket)
            await socket.close()
        return socket

    async def _shown(self, socket: web.WebSocketResponse, columns: int, rows: int) -> None:
        """A terminal between its command and a page, until either is gone."""
        terminal = await PseudoTerminal.started(self._command, _environment(), columns or 80, rows or 24)
        sending = asyncio.create_task(_sent(terminal, socket))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await _told(message.data, terminal, socket)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)  # before its descriptor is closed
            ending = asyncio.create_task(terminal.close())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)
            await asyncio.shield(ending)  # also where this request is given up

    async def _leave(self, _: web.Application) -> None:
        for socket in [*self._open]:
            await socket.close()

    async def _all_ended(self, _: web.Application) -> None:
        await asyncio.gather(*self._ending)


async def _sent(terminal: PseudoTerminal, socket: web.WebSocketResponse) -> None:
    """What the command writes, to the page; its end closes the page's socket."""
    try:
        async for data in terminal.output():
            await socket.send_bytes(data)
    except ConnectionError:
        return
    await socket.close()


async def _told(text: str, terminal: PseudoTerminal, socket: web.WebSocketResponse) -> None:
    """What a page says; what is no word of its language is let be."""
    try:
        said: Any = json.loads(text)
    except ValueError:
        return
    match said:
        case ["stdin", str(typed)]:
            await terminal.write(typed.encode("utf-8", "replace"))
        case ["resize", {"width": int(columns), "height": int(rows)}]:
            terminal.resize(columns, rows)
        case ["ping", sent]:
            await socket.send_json(["pong", sent])


def _cells(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else 0


def _environment() -> dict[str, str]:
    """Of a terminal that can show everything, whatever this one can."""
    dropped = ("COLUMNS", "LINES", "NO_COLOR", "TMUX", "STY", "TERM_PROGRAM", "LC_ALL", "LC_CTYPE")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
