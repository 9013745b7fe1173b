"""Files of a person in every place where lrtui might take them for its own."""

from __future__ import annotations

import os
import stat
from pathlib import Path

HEX, OTHER = "0123456789abcdef01234567", "fedcba9876543210fedcba98"
TOKEN = "4242-0badcafe"
TEXT = "mine\n"
FILES = (
    "notes.txt",
    "photos/2019/a.jpg",
    "proj/.git/HEAD",
    "proj/.git/objects/ab/cdef",
    "lock",
    "meta.json",
    "y.damaged",
    "lrtui.db.corrupt-20260101-000000",
    "lrtui.db.damaged",
    "lrtui.svg",
    f"{HEX}/photo.jpg",
    f"{OTHER}/lock",
    f"{OTHER}/X.bin",
    f".part-{HEX}/lock",
    f".part-{HEX}/X.bin",
    ".part-anything/a/b/c",
    "owners/x.lock",
    f"owners/{TOKEN}.lock",
    "owners/photos/b.jpg",
    "stdin/part-0123456789abcdef",
    "stdin/stdin-0123456789abcdef.csv",
    "cache/photos/c.jpg",
    f"cache/{HEX}/lock",
    f"cache/.part-{OTHER}/X.bin",
    f"cache/lrtui-cache-v1/{HEX}/X.bin",
    "cache/lrtui-cache-v1/.lock",
    f"lrtui-cache-v1/{HEX}/meta.json",
    f"lrtui-cache-v1/.part-{OTHER}/X.bin",
    "lrtui-cache-v1/lrtui-cache.id",
)
EMPTY = ("empty", f"{HEX[::-1]}", f"cache/{HEX[::-1]}", f".part-{HEX[::-1]}")
LINKS = ("link", "owners/7-01234567.lock", f"cache/{OTHER}", f"lrtui-cache-v1/{OTHER}", "0" * 24)

Census = dict[str, tuple[int, bytes]]


def plant(folder: Path, outside: Path) -> None:
    """Fill a folder; links in it lead to one outside, which holds a file, too."""
    for number, name in enumerate(FILES):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT)
        path.chmod((0o644, 0o664, 0o600, 0o755)[number % 4])
    for name in EMPTY:
        (folder / name).mkdir(parents=True)
        (folder / name).chmod(0o775)
    outside.mkdir()
    (outside / "X.bin").write_text(TEXT)
    for name in LINKS:
        (folder / name).symlink_to(outside)
    (folder / "dangling").symlink_to("nowhere")
    folder.chmod(0o2755)


def census(*folders: Path) -> Census:
    """Mode, and content or what a link leads to, of everything in folders."""
    found: Census = {}
    for folder in folders:
        for top, folders_here, files in os.walk(folder):
            for path in (Path(top), *(Path(top, name) for name in (*folders_here, *files))):
                mode = path.lstat().st_mode
                if stat.S_ISLNK(mode):
                    found[str(path)] = mode, os.fsencode(os.readlink(path))
                else:
                    found[str(path)] = mode, path.read_bytes() if stat.S_ISREG(mode) else b""
    return found


def lost(before: Census, after: Census) -> dict[str, str]:
    """What is gone or is no longer as it was."""
    return {
        path: "gone" if path not in after else f"{before[path]} became {after[path]}"
        for path in before
        if after.get(path) != before[path]
    }
