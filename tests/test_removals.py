"""Every call of the product that could change or remove a file is argued in a decision."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "decisions" / "0011-only-what-is-ours-is-deleted.md"
PRODUCT = ("core", "datasets", "tui", "top", "scripts")
MODULES = ("os", "shutil", "tempfile", "sqlite3")
# Whatever it is called on, a call by one of these names may remove, replace, cut or make a file.
ALWAYS = frozenset(
    re.findall(
        r"\w+",
        """
    rmtree unlink rmdir removedirs rename renames chmod fchmod lchmod chown lchown fchown truncate
    ftruncate mkstemp mkdtemp mktemp NamedTemporaryFile TemporaryFile SpooledTemporaryFile
    TemporaryDirectory write_text write_bytes write_csv write_parquet write_ndjson sink_csv
    sink_parquet save_screenshot deliver_screenshot savez savefig tofile copyfile copytree copy2
    symlink symlink_to link hardlink_to mkfifo mknod touch mkdir makedirs posix_fallocate pwrite
    utime move move_beside renameat2 renameatx_np
        """,
    )
)
# These mean files only with the right module before them, or with one argument: text has them, too.
OF_MODULES = frozenset({"remove", "replace", "copy", "write", "connect"})
WRITING = frozenset("waxr+") - {"r"}


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """Function and name of each call in a file that could change one."""

    def walk(node: ast.AST, function: str) -> Iterator[tuple[str, str]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from walk(child, child.name)
                continue
            if isinstance(child, ast.Call) and (name := changing(child)) is not None:
                yield function, name
            yield from walk(child, function)

    yield from walk(ast.parse(path.read_text(encoding="utf-8")), "(module)")


def changing(call: ast.Call) -> str | None:
    """The name of a call that could change a file."""
    function = call.func
    if isinstance(function, ast.Name):
        name, owner = function.id, ""
    elif isinstance(function, ast.Attribute):
        name = function.attr
        owner = function.value.id if isinstance(function.value, ast.Name) else ""
    else:
        return None
    if name == "open" and owner != "os":
        return "open" if writes(call) else None
    if name == "open":
        flags = ast.unparse(call.args[1]) if len(call.args) > 1 else ""
        reads = re.fullmatch(
            r"FOLDER( & ~os\.O_NOFOLLOW)?|PLAIN|os\.O_RDONLY \| os\.O_CLOEXEC|LOCKED & ~os\.O_CREAT", flags
        )
        devnull = ast.unparse(call.args[0]) == "os.devnull"
        return None if reads or devnull else "os.open"
    if name in ALWAYS and not (name == "truncate" and len(call.args) > 1):
        return name
    if name in OF_MODULES and owner in MODULES:
        return f"{owner}.{name}"
    if (
        name == "replace"
        and isinstance(function, ast.Attribute)
        and len(call.args) == 1
        and not call.keywords
    ):
        return name
    return None


def writes(call: ast.Call) -> bool:
    """Whether ``open(path, mode)`` or ``path.open(mode)`` asks to write."""
    modes = [arg for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    modes += [
        key.value for key in call.keywords if key.arg == "mode" and isinstance(key.value, ast.Constant)
    ]
    return any(
        re.fullmatch(r"[rwaxbt+]{1,3}", str(mode.value)) and set(str(mode.value)) & WRITING
        for mode in modes
    )


def argued() -> set[tuple[str, str, str]]:
    """The rows of the table: file, function and call."""
    rows = re.findall(
        r"^\| `(\S+)` \| `(\S+)` \| ([^|]+) \| [^|]{20,} \|$", PAGE.read_text(encoding="utf-8"), re.M
    )
    return {
        (file, function, call) for file, function, names in rows for call in re.findall(r"`([^`]+)`", names)
    }


@cache
def found() -> set[tuple[str, str, str]]:
    """What the source does."""
    files = [path for folder in PRODUCT for path in sorted((ROOT / folder).rglob("*.py"))]
    files.append(ROOT / "setup.py")
    return {(str(path.relative_to(ROOT)), *call) for path in files for call in calls(path)}


def test_whatever_could_change_a_file_is_argued() -> None:
    assert found() - argued() == set()


def test_what_is_argued_is_there() -> None:
    assert argued() - found() == set()


def test_nothing_is_removed_with_all_that_is_in_it() -> None:
    assert not {call for call in found() if call[2] in ("rmtree", "removedirs", "renames", "copytree")}


def test_the_search_sees_what_it_is_for(tmp_path: Path) -> None:
    source = """
import os, shutil
def f(path, x):
    shutil.rmtree(path); os.remove(x); path.unlink(); path.replace(x); os.replace(path, x); path.open("w")
    open(path, mode="r+"); os.open(path, os.O_WRONLY | os.O_CREAT); path.write_text("")
    "a".replace("b", "c"); [].remove(1); open(path); path.open("rb")
    os.open(path, os.O_RDONLY | os.O_CLOEXEC)
"""
    (tmp_path / "a.py").write_text(source)
    names = [name for _, name in calls(tmp_path / "a.py")]
    assert names == (
        ["rmtree", "os.remove", "unlink", "replace", "os.replace", "open", "open", "os.open", "write_text"]
    )
