"""The server of the tests, and an environment that leads there and nowhere else."""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack
from functools import cache

import pytest

from lrtui.datasets import copies
from tests.datasets.remote.cloud import ACCESS, SECRET, Cloud, cloud

# Of polars, which reads them once a process: it tries as often as ever, and waits less in between.
os.environ["POLARS_CLOUD_RETRY_INIT_BACKOFF_MS"] = "1"
os.environ["POLARS_CLOUD_RETRY_MAX_BACKOFF_MS"] = "5"


_stays = ExitStack()  # as long as the process; left while its threads still run
atexit.register(_stays.close)


@cache
def _server() -> Cloud:
    return _stays.enter_context(cloud())


@pytest.fixture
def server() -> Cloud:
    """One for all modules: polars keeps its connections to the server that it found first."""
    return _server()


@pytest.fixture
def there(server: Cloud, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """The server, empty, as the one of all clouds."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "GOOGLE_", "HF_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    monkeypatch.setenv("GOOGLE_BASE_URL", server.url)
    monkeypatch.setattr(copies, "_held", {})
    server.objects.clear()
    server.asked.clear()
    server.odd.clear()
    server.signed = False
    return server
