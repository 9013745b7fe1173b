"""``lrtui serve``: what is printed and refused. In a real browser: ``python -m tests.browser``."""

from __future__ import annotations

import re
import socket
import urllib.request
from pathlib import Path

import pytest

from tests.cli.commands import Lrtui, refused, start


def test_what_cannot_be_served_is_refused(lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Nothing can listen on port {port} of 127.0.0.1" in refused(
            lrtui("serve", "--port", str(port))
        )
    assert "of 203.0.113.1" in refused(lrtui("serve", "--host", "203.0.113.1", "--port", "0"))
    assert "--port" in refused(lrtui("serve", "--port", "70000"))
    assert "highest port" in refused(lrtui("serve", "--port", "9" * 30))
    assert "no whole number" in refused(lrtui("serve", "--port", "٨٠٠٠"))
    for wrong, told in (  # what the dashboards would get
        (("moons", "--learning", "3"), "--learning"),
        (("moons", "--lr", "fast"), "learning rate cannot be"),
        (("nosuchdata",), "no dataset called"), (("-",), "reads its keys"),
    ):  # fmt: skip
        assert told in refused(lrtui("serve", *wrong))
    monkeypatch.setattr("lrtui.tui.serving.bundle", lambda: None)
    assert "pip install 'lrtui[serve]'" in refused(lrtui("serve"))


def test_the_address_is_all_of_its_output_and_sigterm_ends_it(home: Path) -> None:
    with start(home, "serve", "--port", "0") as server:
        assert server.stdout is not None
        assert server.stderr is not None
        address = server.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{22}/", address)
        assert "ssh -L" in server.stderr.readline()
        with urllib.request.urlopen(address) as answer:
            assert b"lrtui" in answer.read()
        server.terminate()
        assert server.wait() == 0


def test_other_machines_come_in_only_where_that_was_asked_and_with_a_warning(home: Path) -> None:
    with start(home, "serve", "--port", "0", "--host", "0.0.0.0") as server:
        assert server.stderr is not None
        assert server.stderr.readline().startswith("Warning: other machines can reach this.")
        server.terminate()
