"""``lrtui serve``: the dashboard in a browser, on this machine."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import secrets
import signal
import sys
from pathlib import Path

import click

from lrtui.core.errors import LrtuiError
from lrtui.tui.cli.printing import echo
from lrtui.tui.cli.types import Once, Port

TOKEN_BYTES = 16
PORT = 8000
LOOPBACK = "127.0.0.1"
OF_THE_SCREEN = ("ascii_only", "theme")


class ServeError(LrtuiError):
    """What cannot be served."""

    title = "Serve"


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog="\b\nExamples:\n  lrtui serve\n  lrtui serve --port 9000 titanic.csv",
)
@click.option(
    "--port",
    cls=Once,
    type=Port(),
    metavar="N",
    help=f"Else {PORT}; 0 is any that is free.",
)
@click.option(
    "--host", cls=Once, metavar="ADDRESS", help=f"Else {LOOPBACK}; 0.0.0.0 lets other machines in."
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[DATASET and options]")
@click.pass_context
def serve(context: click.Context, port: int | None, host: str | None, arguments: tuple[str, ...]) -> int:
    """Show the dashboard in a browser, until Ctrl+C.

    The address that is printed holds a secret: only who has it gets in. What follows the options is given
    to each dashboard, as after `lrtui`.
    """
    _refuse_wrong(context, arguments)
    static = _bundle()
    return asyncio.run(_served(host or LOOPBACK, PORT if port is None else port, arguments, static))


def _refuse_wrong(context: click.Context, arguments: tuple[str, ...]) -> None:
    """See that a dashboard can open on what follows the options, before any page asks for one."""
    from lrtui.tui.cli.dashboard import dashboard, opening_of

    with dashboard.make_context("lrtui", list(arguments), parent=context.find_root()) as made:
        given = {name: value for name, value in made.params.items() if name not in OF_THE_SCREEN}
        opening_of(given.pop("dataset"), given, start=given.pop("start"))


def _bundle() -> Path:
    from lrtui.tui.serving import bundle

    found = bundle()
    if found is None:
        raise ServeError(
            "Showing the dashboard in a browser needs textual-serve, which is not installed.",
            "Install it: pip install 'lrtui[serve]'.",
        )
    return found


async def _served(host: str, port: int, arguments: tuple[str, ...], static: Path) -> int:
    from aiohttp import web

    from lrtui.tui.serving.server import Server

    command = (sys.executable, "-P", "-m", "lrtui.tui", *arguments)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    local = _is_loopback(host)
    server = Server(command, token, static, hosts=(host, "localhost", LOOPBACK) if local else ())
    runner = web.AppRunner(server.app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            why = os.strerror(error.errno).lower() if error.errno and error.errno > 0 else "no such address"
            raise ServeError(
                f"Nothing can listen on port {port} of {host}: {why}.",
                "Give another --port (0 takes any that is free) or --host.",
            ) from error
        taken = runner.addresses[0][1]
        _tell(host, taken, token, local=local)
        await _until_asked()
    finally:
        await runner.cleanup()
    return 0


def _tell(host: str, port: int, token: str, *, local: bool) -> None:
    shown = f"[{host}]" if ":" in host else host
    echo(f"http://{shown}:{port}/{token}/")
    if local:
        echo(
            f"From elsewhere: ssh -L {port}:{shown}:{port} THIS_MACHINE, then the same address there.",
            err=True,
        )
    else:
        echo(
            "Warning: other machines can reach this. Who has the address can do here all that you can do\n"
            "with lrtui, read your files among it, and nothing on the way is encrypted.",
            err=True,
        )
    echo("Ctrl+C ends it.", err=True)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _until_asked() -> None:
    asked, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, asked.set)
    await asked.wait()
