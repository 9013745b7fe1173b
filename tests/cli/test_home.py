"""The folder of the store: whose it is, who may read it, and what is said where it cannot be used."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from lrtui.core.errors import LrtuiError, StoreError
from lrtui.core.store import Store
from lrtui.core.store.home import folder_remark, home, make_home
from lrtui.datasets.storage.cache import Cache
from lrtui.datasets.storage.folder import cache_folder, make_private
from lrtui.tui.app import run_dashboard
from tests.cli.commands import Lrtui, refused


def open_dashboard() -> None:
    """What is wrong is told before Textual takes the terminal: these never get so far."""
    run_dashboard(None, None, own=False, start=False, ascii_only=False)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def test_every_folder_that_is_made_is_ours_alone_and_no_other_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LRTUI_HOME", str(tmp_path / "there" / "a" / "b"))
    (tmp_path / "there").mkdir()
    (tmp_path / "there").chmod(0o2775)
    before = os.umask(0)
    try:
        assert make_home() == tmp_path / "there" / "a" / "b"
    finally:
        os.umask(before)
    assert mode(tmp_path / "there") == 0o2775
    assert mode(tmp_path / "there" / "a") & 0o777 == 0o700
    assert mode(tmp_path / "there" / "a" / "b") & 0o777 == 0o700


@pytest.mark.parametrize("how", ["folder", "link", "here"])
@pytest.mark.parametrize("bits", [0o755, 0o2770, 0o777, 0o1777, 0o500])
def test_a_folder_that_is_there_keeps_its_mode(
    how: str, bits: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)
    folder.chmod(bits)
    monkeypatch.chdir(folder)
    named = {"folder": str(folder), "link": str(tmp_path / "link"), "here": "."}[how]
    monkeypatch.setenv("LRTUI_HOME", named)
    monkeypatch.setenv("LRTUI_CACHE", named)
    try:
        with Store():
            pass
        make_private(cache_folder())
    except LrtuiError:
        assert bits == 0o500
    assert mode(folder) == bits


def test_the_store_is_ours_alone_and_so_is_one_of_ours_that_was_not(home: Path) -> None:
    with Store():
        pass
    assert mode(home / "lrtui.db") == 0o600
    (home / "lrtui.db").chmod(0o664)
    with Store():
        assert {mode(path) for path in home.iterdir() if path.name.startswith("lrtui.db")} == {0o600}


def test_a_database_of_another_program_keeps_its_mode(home: Path) -> None:
    import sqlite3
    from contextlib import closing

    home.mkdir()
    with closing(sqlite3.connect(home / "lrtui.db")) as other:
        other.execute("CREATE TABLE mine (x)")
    (home / "lrtui.db").chmod(0o664)
    before = (home / "lrtui.db").read_bytes()
    with pytest.raises(StoreError, match="another program"):
        Store()
    assert mode(home / "lrtui.db") == 0o664
    assert (home / "lrtui.db").read_bytes() == before


@pytest.mark.parametrize(
    ("bits", "said"),
    [
        (0o700, None),
        (0o755, None),
        (0o1777, None),
        (0o770, "0770"),
        (0o2775, "2775"),
        (0o777, "0777"),
        (0o702, "0702"),
    ],
)
@pytest.mark.parametrize("variable", ["LRTUI_HOME", "LRTUI_CACHE"])
def test_a_folder_that_others_can_write_to_is_said(
    variable: str, bits: int, said: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(bits)
    monkeypatch.setenv(variable, str(folder))
    remark = folder_remark()
    if said is None:
        assert remark is None
    else:
        assert remark is not None
        assert f"its mode is {said}" in remark
        assert str(folder) in remark
        assert variable in remark


def test_a_folder_of_another_user_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir(mode=0o700)
    monkeypatch.setattr(os, "geteuid", lambda: home.stat().st_uid + 1)
    remark = folder_remark() or ""
    assert remark.endswith("it belongs to another user. Set LRTUI_HOME to another folder.")


def test_nothing_is_said_of_what_is_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LRTUI_CACHE", "/dev/null")  # which all can write to, and must
    assert folder_remark() is None


def test_it_is_said_once_on_stderr_and_never_into_json(lrtui: Lrtui, home: Path) -> None:
    home.mkdir()
    home.chmod(0o777)
    code, out, err = lrtui("runs", "--json")
    assert (code, out) == (0, "[]\n")
    assert err.count("its mode is 0777") == 1
    assert mode(home) == 0o777


ODD = {
    "~nobody-such": "there is no user 'nobody-such'",
    "~nobody-such/x": "there is no user 'nobody-such'",
    "file": "it is no folder",
    "file/x": "a part of its path is no folder",
    "/dev/null": "it is no folder",
    "dangling": "it is a link that leads nowhere",
    "loop": "too many levels of symbolic links",
    "x" * 5000: "file name too long",
    "x/" * 2500: "file name too long",
    "/proc/lrtui": "no such file or directory",
}


@pytest.mark.parametrize(("given", "why"), ODD.items(), ids=range(len(ODD)))
def test_a_folder_that_cannot_be_used_is_two_sentences(
    given: str, why: str, lrtui: Lrtui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    monkeypatch.chdir(tmp_path)
    before = sorted(os.listdir(tmp_path))
    monkeypatch.setenv("LRTUI_HOME", given)
    for command in (("runs",), ("train", "moons:n=60", "--epochs", "1", "--quiet")):
        said = refused(lrtui(*command))
        assert why in said.lower()
        assert "LRTUI_HOME" in said
    with pytest.raises(StoreError, match="LRTUI_HOME"):
        open_dashboard()
    monkeypatch.setenv("LRTUI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LRTUI_CACHE", given)
    if given != "/proc/lrtui" and not given.startswith("x"):
        assert why in refused(lrtui("cache")).lower()
    with pytest.raises(LrtuiError, match="LRTUI_CACHE"), Cache().make("a" * 24):
        pass
    assert sorted(os.listdir(tmp_path)) == sorted({*before, "home"} & {*os.listdir(tmp_path)})


def test_a_name_with_a_null_is_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {**os.environ, "LRTUI_HOME": "/tmp/a\0b"})
    with pytest.raises(StoreError, match="which is no path"):
        home()


@pytest.mark.parametrize("given", [None, "nowhere", "."])
def test_without_a_home_folder_nothing_is_made_where_one_happens_to_be(
    given: str | None, tmp_path: Path, lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LRTUI_HOME", "LRTUI_CACHE", "XDG_DATA_HOME", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    if given is not None:
        monkeypatch.setenv("HOME", given)

    def unknown(_: int) -> pwd.struct_passwd:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)  # a user that no table knows, as in containers
    monkeypatch.chdir(tmp_path)
    assert "no home folder" in refused(lrtui("runs"))
    assert "LRTUI_CACHE" in refused(lrtui("cache"))
    with pytest.raises(StoreError, match="no home folder"):
        open_dashboard()
    assert os.listdir(tmp_path) == []
    monkeypatch.setenv("LRTUI_HOME", "~/lrtui")
    assert "this user has no home folder" in refused(lrtui("runs"))


def test_a_path_from_a_folder_that_is_gone_is_said(
    tmp_path: Path, lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    monkeypatch.setenv("LRTUI_HOME", "here")
    assert "the current folder is gone" in refused(lrtui("runs"))


def test_a_read_only_file_system_is_said(home: Path, monkeypatch: pytest.MonkeyPatch, lrtui: Lrtui) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "mkdir", read_only)
    assert "read-only file system" in refused(lrtui("runs"))
    with pytest.raises(LrtuiError, match="read-only file system"), Cache().make("a" * 24):
        pass


@pytest.mark.parametrize("kind", ["folder", "link", "dangling link", "pipe"])
def test_a_log_that_is_no_file_is_said_before_anything_is_started(kind: str, home: Path) -> None:
    home.mkdir()
    log = home / "engine.log"
    if kind == "folder":
        log.mkdir()
    elif kind == "pipe":
        os.mkfifo(log)
    else:
        log.symlink_to(home if kind == "link" else "nowhere")
    with pytest.raises(StoreError, match=r"engine\.log'"):
        open_dashboard()
    assert not (home / "owners").exists()


@pytest.mark.parametrize("kind", ["file", "link", "dangling link"])
def test_owners_that_are_no_folder_are_said(kind: str, home: Path, lrtui: Lrtui) -> None:
    home.mkdir()
    if kind == "file":
        (home / "owners").write_text("mine")
    else:
        (home / "owners").symlink_to(home if kind == "link" else "nowhere")
    with pytest.raises(StoreError, match="owners' cannot be used"):
        open_dashboard()
    assert "owners' cannot be used" in refused(lrtui("train", "moons:n=60", "--epochs", "1", "--quiet"))
    assert kind == "file" or (home / "owners").is_symlink()


@pytest.mark.parametrize("variable", ["LRTUI_HOME", "LRTUI_CACHE"])
def test_a_user_that_there_is_not_is_said_before_anything_is_made(
    variable: str, home: Path, lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "~nobody-such/x")
    for command in (("runs",), ("train", "moons:n=60", "--epochs", "1", "--quiet")):
        assert f"{variable} holds '~nobody-such/x'" in refused(lrtui(*command))
    with pytest.raises(StoreError, match=f"{variable} holds '~nobody-such/x'"):
        open_dashboard()
    assert not home.exists()


@pytest.mark.parametrize("name", ["lrtui.db", "lrtui.lock"])
@pytest.mark.parametrize("kind", ["folder", "dangling link"])
def test_a_store_that_is_no_file_is_said(name: str, kind: str, home: Path, lrtui: Lrtui) -> None:
    home.mkdir()
    if kind == "folder":
        (home / name).mkdir()
    else:
        (home / name).symlink_to("nowhere")
    refused(lrtui("runs"))
    assert not (home / "nowhere").exists()


def test_the_cache_moves_with_the_home_or_by_itself(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_folder() == home / "cache"
    monkeypatch.setenv("LRTUI_CACHE", str(home / "elsewhere"))
    assert cache_folder() == home / "elsewhere"
    monkeypatch.delenv("LRTUI_CACHE")
    monkeypatch.delenv("LRTUI_HOME")
    assert cache_folder().name == "lrtui"
