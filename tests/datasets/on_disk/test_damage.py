"""A damaged entry of the cache is never believed: the file is read anew, and the numbers are the same."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.progress import Cancelled, Progress, Step
from lrtui.datasets.source import Source
from lrtui.datasets.storage import cache as caching
from lrtui.datasets.storage.cache import Cache
from lrtui.datasets.storage.checksum import PIECES, ROOM, WORDS, checksum
from lrtui.datasets.storage.ownership import LOCK, META, ROOT

Write = Callable[..., Source]
ROWS = 300
ASKED = {"scaling": "standard", "test_size": 0.2, "split_seed": 3, "missing": "indicator"}
FILES = {
    "table": ["X.bin", "y.bin", "weights.bin", "groups.bin", META, LOCK],
    "prepared": [
        f"{what}_{part}.bin" for what in ("design", "rows", "y", "weights") for part in ("train", "test")
    ]
    + [META, LOCK],
}


@pytest.fixture(autouse=True)
def nothing_waits_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of entries are made here, and no machine is switched off meanwhile."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def source(write: Write) -> Source:
    random = np.random.default_rng(0)
    X = random.normal(size=(ROWS, 2))
    frame = pl.DataFrame(
        {"a": X[:, 0], "b": X[:, 1], "y": (X.sum(1) + random.normal(size=ROWS) > 0).astype(int)}
    )
    frame = frame.with_columns(w=pl.int_range(1, ROWS + 1) / 7, g=pl.int_range(ROWS) % 9)
    return write(frame, weights="w", group="g")


def problem(source: Source) -> Problem:
    return prepare(load(source), **ASKED, single=True)


def numbers(found: Problem) -> list[bytes]:
    parts = (
        found.design_train,
        found.y_train,
        found.design_test,
        found.y_test,
        found.train_rows,
        found.test_rows,
    )
    weights = found.weights_train, found.weights_test
    assert weights[0] is not None
    assert weights[1] is not None
    return [np.ascontiguousarray(part).tobytes() for part in (*parts, *weights)]


def entry(what: str) -> Path:
    """The folder of the one entry of this kind."""
    (name,) = [found.name for found in Cache().entries() if found.what == what]
    return Cache().folder / ROOT / name


def made(what: str) -> float:
    """When that entry was made."""
    return (entry(what) / META).stat().st_mtime


def flip(path: Path, share: float = 0.5) -> None:
    data = bytearray(path.read_bytes())
    data[int(share * (len(data) - 1))] ^= 1 << 3
    path.write_bytes(data)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a bit at the start": lambda path: flip(path, 0.0),
    "a bit in the middle": flip,
    "a bit at the end": lambda path: flip(path, 1.0),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "cut": lambda path: os.truncate(path, path.stat().st_size // 2),
    "empty": lambda path: os.truncate(path, 0),
    "longer": lambda path: path.write_bytes(path.read_bytes() + bytes(8)),
    "missing": lambda path: path.unlink(),
}


@pytest.mark.parametrize("what", ["table", "prepared"])
def test_whatever_is_damaged_is_made_anew_with_the_same_numbers(what: str, source: Source) -> None:
    expected = numbers(problem(source))
    for number, file in enumerate(FILES[what]):
        # Every damage of the first file and of the meta file; of the others a bit, and their length.
        some = DAMAGES if number == 0 or file == META else ("a bit in the middle", "cut")
        for name in some:
            before, damage = made(what), DAMAGES[name]
            damage(entry(what) / file)
            assert numbers(problem(source)) == expected, (file, name)
            assert made(what) > before, (file, name)
            assert sorted(os.listdir(entry(what))) == sorted(FILES[what])


def test_a_bit_anywhere_is_noticed_without_help_of_the_clock(source: Source) -> None:
    problem(source)
    path = entry("table") / "X.bin"
    times, data = path.stat(), path.read_bytes()
    name = entry("table").name
    for place in range(0, len(data), len(data) // 12):
        path = entry("table") / "X.bin"
        flip(path, place / len(data))
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert Cache().open(name) is None
        load(source)
        assert (entry("table") / "X.bin").read_bytes() == data


META_TEXTS = (
    "{}",
    "[]",
    "null",
    "1",
    '"text"',
    "{",
    "",
    "[" * 100_000,
    '{"entry": {}}',
    '{"version": 1, "file": "a", "what": "table", "rows": "many", "columns": null}',
    "1" * 6000,
    "\x00" * 100,
    "\ufeff{}",
)


def test_a_meta_file_of_any_other_content_is_no_entry(source: Source) -> None:
    expected = numbers(problem(source))
    for text in META_TEXTS:
        (entry("table") / META).write_text(text)
        assert [found.what for found in Cache().entries()] == ["prepared"]
        assert numbers(problem(source)) == expected


def test_a_value_that_was_changed_by_hand_is_noticed(source: Source) -> None:
    expected = numbers(problem(source))
    told = json.loads((entry("table") / META).read_text())
    for key in told["entry"]:
        changed = {**told, "entry": {**told["entry"], key: -1}}
        (entry("table") / META).write_text(json.dumps(changed))
        assert numbers(problem(source)) == expected
        told = json.loads((entry("table") / META).read_text())


def test_an_entry_that_proves_nothing_any_more_is_a_strangers_and_stays(source: Source) -> None:
    problem(source)
    folder = entry("table")
    (folder / META).unlink()
    (folder / LOCK).write_text("")
    before = sorted(os.listdir(folder))
    with pytest.raises(DatasetError, match=f"holds what is not lrtui's.*{folder.name}"):
        load(source)
    assert sorted(os.listdir(folder)) == before


def test_a_file_of_a_person_in_an_entry_stays_and_so_does_the_entry(source: Source) -> None:
    problem(source)
    folder = entry("table")
    (folder / "notes.txt").write_text("mine")
    before = sorted(os.listdir(folder))
    for use in (lambda: load(source), Cache().remove_stale, lambda: Cache().remove([folder.name])):
        with pytest.raises(DatasetError, match=r"notes\.txt"):
            use()
    assert sorted(os.listdir(folder)) == before


@pytest.mark.parametrize("file", ["y.bin", META, LOCK])
def test_a_link_in_an_entry_is_not_followed(file: str, source: Source, tmp_path: Path) -> None:
    problem(source)
    folder, outside = entry("table"), tmp_path / "outside"
    outside.write_bytes((folder / file).read_bytes())
    (folder / file).unlink()
    (folder / file).symlink_to(outside)
    with pytest.raises(DatasetError, match=file.replace(".", r"\.")):
        load(source)
    assert (folder / file).is_symlink()
    assert outside.exists()


def test_what_is_used_while_it_is_found_damaged_can_still_be_read(source: Source) -> None:
    dataset = load(source)
    before = np.array(dataset.X)
    flip(entry("table") / "y.bin")
    load(source)
    assert (np.array(dataset.X) == before).all()


def test_comparing_is_told_and_can_be_called_off(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    load(source)
    monkeypatch.setattr(caching, "TOLD", 0)
    steps: list[Step] = []
    load(source, Progress(tell=steps.append))
    assert {step.what for step in steps} == {"reading"}
    with pytest.raises(Cancelled):
        load(source, Progress(lambda: False))
    assert [found.what for found in Cache().entries()] == ["table"]


@pytest.mark.parametrize(
    "size", [0, 1, 7, 8, WORDS * 8 - 1, WORDS * 8, WORDS * 8 + 1, ROOM - 1, ROOM, ROOM + 9]
)
def test_a_checksum_tells_every_single_bit_and_every_length(size: int, tmp_path: Path) -> None:
    path = tmp_path / "file"
    data = bytearray(np.random.default_rng(size).bytes(size))

    def found() -> str:
        path.write_bytes(data)
        file = os.open(path, os.O_RDONLY)
        try:
            return checksum(file, len(data))
        finally:
            os.close(file)

    expected = found()
    for place in {0, size // 2, size - 1} if size else ():
        data[place] ^= 0x80
        assert found() != expected
        data[place] ^= 0x80
    assert found() == expected
    data += b"\0"
    assert found() != expected


def test_a_checksum_tells_pieces_that_changed_places(tmp_path: Path) -> None:
    pieces = [np.random.default_rng(number).bytes(WORDS * 8) for number in range(PIECES + 2)]
    found = set()
    for first, second in ((0, 1), (0, PIECES + 1), (5, 9)):
        order = list(pieces)
        order[first], order[second] = order[second], order[first]
        for name, parts in (("a", pieces), ("b", order)):
            (tmp_path / name).write_bytes(b"".join(parts))
            file = os.open(tmp_path / name, os.O_RDONLY)
            found.add(checksum(file, len(pieces) * WORDS * 8))
            os.close(file)
    assert len(found) == 4


def test_a_checksum_of_a_file_that_ends_too_soon_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345678")
    file = os.open(tmp_path / "file", os.O_RDONLY)
    with pytest.raises(OSError, match="ends after 8 bytes"):
        checksum(file, 16)
    os.close(file)
