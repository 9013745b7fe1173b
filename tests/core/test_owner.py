"""Who owns a run: a lock that is held from the moment that it can be seen, and no file of another's."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lrtui.core.engine.owner import is_alive, new_owner, remove_stale
from lrtui.core.errors import StoreError

CROWD = """
import sys
from lrtui.core.engine.owner import is_alive, new_owner, remove_stale
print("ready", flush=True)
sys.stdin.readline()
for _ in range(40):
    owner = new_owner()
    remove_stale()
    assert is_alive(owner.token)
    owner.release()
    assert not is_alive(owner.token)
left = new_owner()
print(left.token)
"""


def test_no_living_owner_is_ever_seen_unlocked_or_removed(home: Path) -> None:
    crowd = [
        subprocess.Popen(
            [sys.executable, "-c", CROWD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    keeper = new_owner()
    folder = home / "owners"
    for process in crowd:  # nobody looks on while they import
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in crowd:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    seen = set()
    while any(process.poll() is None for process in crowd):
        for name in os.listdir(folder):
            if name.endswith(".lock") and is_unlocked(folder / name):
                seen.add(name.removesuffix(".lock"))
    told = {process.communicate()[0].strip() for process in crowd}
    assert all(process.returncode == 0 for process in crowd)
    assert seen <= told  # those that ended without releasing
    assert is_alive(keeper.token)
    remove_stale()
    assert os.listdir(folder) == [f"{keeper.token}.lock"]
    keeper.release()


def is_unlocked(path: Path) -> bool:
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        linked = os.fstat(file).st_nlink  # one that was released meanwhile has no name any more
        os.close(file)
    return linked > 0


def test_only_a_file_that_says_it_is_a_lock_of_ours_is_removed(home: Path, tmp_path: Path) -> None:
    folder = home / "owners"
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    (tmp_path / "outside").write_text("lrtui owner 7-01234567\n")
    names = [
        "x.lock",
        "1.lock",
        "12-0123456.lock",
        "12-01234567.lock",
        "12-01234567.lock.bak",
        "٣-01234567.lock",
    ]
    for name in names:
        (folder / name).write_text("mine")
    (folder / "7-01234567.lock").symlink_to(tmp_path / "outside")
    (folder / "8-01234567.lock").mkdir()
    remove_stale()
    assert sorted(os.listdir(folder)) == sorted([*names, "7-01234567.lock", "8-01234567.lock"])
    assert (tmp_path / "outside").exists()
    assert folder.stat().st_mode & 0o777 == 0o755
    (folder / "12-01234567.lock").write_text("lrtui owner 12-01234567\n")
    remove_stale()
    assert "12-01234567.lock" not in os.listdir(folder)


def test_a_lock_whose_maker_was_killed_before_it_had_a_name_is_removed(home: Path) -> None:
    keeper = new_owner()
    folder = home / "owners"
    names = (".7-01234567", ".7-89abcdef", ".7-aaaaaaaa", ".7-bbbbbbbb", ".7-01234567.swp")
    left, half, old, strange, other = (folder / name for name in names)
    for path in (left, other):
        path.write_text("lrtui owner 7-01234567\n")
    strange.write_text("mine")
    half.write_text("")  # of one that is being made this moment, for all that anybody can say
    old.write_text("")
    for path in (old, strange):
        os.utime(path, (0, 0))
    making = folder / f".{keeper.token}"
    os.link(folder / f"{keeper.token}.lock", making)  # between its two names
    remove_stale()
    assert sorted(os.listdir(folder)) == sorted(
        [half.name, strange.name, other.name, making.name, f"{keeper.token}.lock"]
    )
    keeper.release()


@pytest.mark.parametrize("token", ["", "x", "..", "../x", "7-01234567/..", "7-0123456g", "\0", "7" * 5000])
def test_what_is_no_token_is_nobody_alive(token: str) -> None:
    assert not is_alive(token)


@pytest.mark.parametrize("kind", ["file", "link", "dangling link"])
def test_something_else_in_place_of_the_folder_is_said(kind: str, home: Path, tmp_path: Path) -> None:
    home.mkdir()
    if kind == "file":
        (home / "owners").write_text("mine")
    else:
        (home / "owners").symlink_to(tmp_path if kind == "link" else "nowhere")
    for use in (new_owner, remove_stale, lambda: is_alive("7-01234567")):
        with pytest.raises(StoreError, match=r"owners' cannot be used"):
            use()
    assert (home / "owners").is_symlink() == (kind != "file")
