"""The cache folder: entries are whole or not there, and what is in use stays."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.progress import Cancelled
from lrtui.datasets.storage.cache import Cache
from lrtui.datasets.storage.folder import cache_limit
from lrtui.datasets.storage.ownership import ALONE, MARKER, PART, ROOT

A, B, C = "a" * 24, "b" * 24, "c" * 24
META = {"version": 1, "file": "/data/a.csv", "what": "table", "rows": 10, "columns": 1}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LRTUI_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    monkeypatch.setenv("LRTUI_CACHE_LIMIT", "1GB")
    return Cache()


def make(cache: Cache, name: str, size: int = 10, used: float | None = None) -> None:
    with cache.make(name) as draft:
        assert draft is not None
        draft.table("X.bin", None, np.int8).append(np.ones(size, np.int8))
        draft.meta |= META
    if used is not None:
        os.utime(root(cache) / name / "lock", (used, used))


def root(cache: Cache) -> Path:
    return cache.folder / ROOT


def inside(folder: Path) -> list[str]:
    """What lies in a cache folder beside what lies in every one."""
    return sorted({path.name for path in (folder / ROOT).iterdir()} - {MARKER, ALONE})


def names(cache: Cache) -> list[str]:
    return [entry.name for entry in cache.entries()]


def leftovers(cache: Cache) -> list[str]:
    return [path.name for path in root(cache).iterdir() if path.name.startswith(PART)]


def test_an_entry_is_there_once_it_is_whole(cache: Cache) -> None:
    with cache.make(A) as draft:
        assert draft is not None
        draft.table("X.bin", None, np.int8).append(np.arange(10, dtype=np.int8))
        draft.meta |= META
        assert cache.open(A) is None
    held = cache.open(A)
    assert held is not None
    assert (held.folder / "X.bin").read_bytes() == bytes(range(10))
    assert {path.stat().st_mode & 0o777 for path in (cache.folder, root(cache), held.folder)} == {0o700}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, Cancelled])
def test_what_fails_leaves_nothing(cache: Cache, error: type[BaseException]) -> None:
    def fail() -> None:
        with cache.make(A) as draft:
            assert draft is not None
            draft.table("X.bin", None, np.int8).append(np.ones(5, np.int8))
            raise error

    with pytest.raises(error):
        fail()
    assert names(cache) == leftovers(cache) == []


CRASH = """
import os, sys, numpy as np
from lrtui.datasets.storage.cache import Cache
with Cache().make("a" * 24) as draft:
    draft.table("X.bin", None, np.int8).append(np.ones(100, np.int8))
    {then}
"""


def in_process(cache: Cache, then: str) -> subprocess.Popen[str]:
    script = CRASH.format(then=then)
    return subprocess.Popen(
        [sys.executable, "-c", script, str(cache.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_crash_leaves_nothing_usable_and_the_next_start_removes_it(cache: Cache) -> None:
    with in_process(cache, "os.kill(os.getpid(), 9)") as crashed:
        pass
    assert crashed.returncode == -signal.SIGKILL
    assert leftovers(cache) == [PART + A]
    assert cache.open(A) is None
    cache.remove_stale()
    assert leftovers(cache) == []


def test_what_a_living_process_makes_is_left_alone_and_waited_for(cache: Cache) -> None:
    meta = f"draft.meta |= {META!r}"
    with in_process(cache, f"{meta}; print(flush=True); sys.stdin.readline()") as maker:
        assert maker.stdout is not None
        maker.stdout.readline()
        cache.remove_stale()
        assert leftovers(cache) == [PART + A]

        def go_on() -> bool:
            assert maker.stdin is not None
            maker.stdin.write("now it may finish\n")
            maker.stdin.flush()
            return True

        with cache.make(A, go_on) as draft:
            assert draft is None
    assert names(cache) == [A]
    assert maker.returncode == 0


def test_waiting_for_another_process_can_be_called_off(cache: Cache) -> None:
    with cache.make(A) as draft:
        assert draft is not None
        draft.meta |= META
        with pytest.raises(Cancelled), Cache().make(A, lambda: False):
            pass
    assert names(cache) == [A]


def test_a_meta_file_that_is_broken_or_of_another_version_is_no_entry(cache: Cache) -> None:
    for name, text in ((A, "{"), (B, '{"version": 99}')):
        make(cache, name)
        (root(cache) / name / "meta.json").write_text(text)
        assert cache.open(name) is None
    cache.remove_stale()
    assert inside(cache.folder) == []


def test_the_least_recently_used_make_room(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, name in enumerate((A, B, C)):
        make(cache, name, 1000, used=1000.0 + number)
    assert names(cache) == [C, B, A]
    held = cache.open(A)  # which makes it the last used, too
    size = cache.entries()[0].size
    monkeypatch.setenv("LRTUI_CACHE_LIMIT", str(3 * size))
    cache.make_room(size)
    assert sorted(names(cache)) == [A, C]
    monkeypatch.setenv("LRTUI_CACHE_LIMIT", "0")
    cache.make_room(size)
    assert names(cache) == [A]
    del held
    cache.make_room(size)
    assert names(cache) == []


def test_what_is_in_use_is_not_removed(cache: Cache) -> None:
    make(cache, A)
    held = cache.open(A)
    assert cache.entries()[0].in_use
    assert cache.remove([A]) == []
    del held
    assert cache.remove([A, "no such entry", "..", ".lock"]) == [A]


def test_a_full_disk_is_said_in_two_sentences_and_leaves_nothing(folder: Path) -> None:
    script = textwrap.dedent(
        """
        import sys, resource, numpy as np
        from lrtui.datasets.storage.cache import Cache
        from lrtui.datasets.errors import DatasetError
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            with Cache().make("a" * 24) as draft:
                draft.table("X.bin", None, np.int8).append(np.ones(200_000, np.int8))
        except DatasetError as error:
            print(error.what, error.fix, sep="\\n")
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=True
    )
    what, fix = done.stdout.splitlines()
    assert what == f"The disk that holds the cache '{folder}' is full."
    assert "lrtui cache clear" in fix
    assert inside(folder) == []


def test_a_file_in_place_of_the_folder_is_said(folder: Path) -> None:
    folder.write_text("")
    with pytest.raises(DatasetError, match="cannot be used"), Cache().make(A):
        pass


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("500MB", 500 * 10**6),
        ("20 GB", 20 * 10**9),
        (" 20 GB ", 20 * 10**9),
        ("1.5t", 15 * 10**11),
        ("7", 7),
        ("0", 0),
        ("0" * 400 + "1k", 1000),
    ],
)
def test_the_limit_is_a_size_in_the_environment(
    text: str, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LRTUI_CACHE_LIMIT", text)
    assert cache_limit(tmp_path) == size


@pytest.mark.parametrize(
    "text",
    ["much", "1e5", "-1", "+1", "inf", "nan", "٣GB", "２０GB", "1 2", " ", "1_000", "1.GB", "0x10", "5PB"],
)
def test_a_limit_that_is_no_size_is_said(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LRTUI_CACHE_LIMIT", text)
    with pytest.raises(DatasetError, match=r"LRTUI_CACHE_LIMIT holds '.*', which is no size"):
        cache_limit(tmp_path)


@pytest.mark.parametrize("text", ["9" * 400, "9" * 5000 + ".5TB", "9" * 20, "9300000000GB"])
def test_a_limit_beyond_every_disk_is_said(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LRTUI_CACHE_LIMIT", text)
    with pytest.raises(DatasetError, match="more than any disk has room for"):
        cache_limit(tmp_path)


def test_an_empty_limit_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LRTUI_CACHE_LIMIT", raising=False)
    usual = cache_limit(tmp_path)
    monkeypatch.setenv("LRTUI_CACHE_LIMIT", "")
    assert cache_limit(tmp_path) == pytest.approx(usual, rel=0.01)


def test_many_processes_make_one_marker_and_one_entry(folder: Path) -> None:
    script = """
import sys, numpy as np
from lrtui.datasets.storage.cache import Cache
sys.stdin.readline()
cache = Cache()
with cache.make("a" * 24) as draft:
    if draft is not None:
        draft.table("X.bin", None, np.int8).append(np.ones(100, np.int8))
        draft.meta |= {meta!r}
print(draft is not None, cache.open("a" * 24) is not None)
""".replace("{meta!r}", repr(META))
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate()[0].split() for process in started]
    assert sorted(said) == [["False", "True"]] * 3 + [["True", "True"]]
    assert inside(folder) == [A]


def test_an_entry_is_published_over_nothing(cache: Cache) -> None:
    def make_in_the_way() -> None:
        with cache.make(A) as draft:
            assert draft is not None
            draft.meta |= META
            (root(cache) / A).mkdir()  # by somebody else, meanwhile

    with pytest.raises(DatasetError, match="cannot be used"):
        make_in_the_way()
    assert inside(cache.folder) == [A]
    assert os.listdir(root(cache) / A) == []


def test_nothing_but_a_hexadecimal_name_is_an_entry(cache: Cache) -> None:
    for name in ("a", "../x", "", A + "-", A.upper()):
        with pytest.raises(ValueError, match="no entry can have the name"), cache.make(name):
            pass
    with cache.make(A) as draft:
        assert draft is not None
        with pytest.raises(ValueError, match="not among the files"):
            draft.table("other.bin", None, np.int8)


def test_a_copy_of_an_entry_under_another_name_is_a_strangers(cache: Cache) -> None:
    make(cache, A)
    shutil.copytree(root(cache) / A, root(cache) / B)
    before = sorted(os.listdir(root(cache) / B))
    for use in (cache.entries, cache.remove_stale, lambda: cache.open(A), lambda: cache.remove([A, B])):
        with pytest.raises(DatasetError, match=f"holds what is not lrtui's.*{B}"):
            use()
    assert sorted(os.listdir(root(cache) / B)) == before


def test_what_an_earlier_lrtui_left_is_neither_used_nor_removed_nor_in_the_way(cache: Cache) -> None:
    old = cache.folder / A
    old.mkdir(parents=True)
    (cache.folder / ".lock").touch()
    for name, text in (("lock", ""), ("X.bin", "1"), ("meta.json", json.dumps(META))):
        (old / name).write_text(text)
    assert cache.older() == (A,)
    assert cache.open(A) is None
    make(cache, A)
    cache.remove_stale()
    assert cache.remove([A]) == [A]
    assert sorted(os.listdir(old)) == ["X.bin", "lock", "meta.json"]
    (old / "meta.json").write_text('{"mine": true}')
    assert cache.older() == ()
    with pytest.raises(DatasetError, match=f"holds what is not lrtui's.*'{A}'"):
        cache.entries()


def test_what_systems_leave_by_themselves_is_no_reason_to_refuse(cache: Cache) -> None:
    make(cache, A)
    (cache.folder / "lost+found").mkdir()
    (cache.folder / ".DS_Store").touch()
    (root(cache) / ".nfs00000000deadbeef").touch()
    assert names(cache) == [A]
