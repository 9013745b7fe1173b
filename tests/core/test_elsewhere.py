"""The engine and data elsewhere: asked beside its loop whether it changed, and loaded anew where it did."""

from __future__ import annotations

import pytest

from lrtui.core.config import Config
from lrtui.core.engine.dataset_cache import DatasetCache
from lrtui.datasets import copies
from lrtui.datasets.source import Source
from tests.datasets.remote.cloud import Cloud
from tests.datasets.remote.conftest import server, there

__all__ = ["server", "there"]  # fixtures

SOURCE = Source("s3://bucket/t.csv", target="y")


def test_what_changed_is_loaded_anew_and_what_did_not_is_at_hand(
    there: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.objects["/bucket/t.csv"] = b"a,y\n" + b"1,0\n2,1\n" * 20
    cache = DatasetCache()
    assert cache.takes_long(SOURCE)  # nobody knows yet what is there
    assert not cache.holds(SOURCE)
    first = cache.problem(SOURCE, Config())
    assert not cache.takes_long(SOURCE, Config())  # it was asked just now
    assert cache.known(SOURCE, Config()) is first
    monkeypatch.setattr(copies, "FRESH", 0)
    assert cache.takes_long(SOURCE, Config())  # to ask is work for a thread
    there.asked.clear()
    assert cache.problem(SOURCE, Config()) is first
    assert [method for method, *_ in there.asked] == ["HEAD"]
    there.objects["/bucket/t.csv"] += b"3,1\n" * 20
    assert cache.problem(SOURCE, Config()).rows == 60
