"""Configs in TOML that are nested, endless, odd or no file at all: each is answered in two sentences."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from lrtui.core.config.toml import MOST, read_toml
from lrtui.core.errors import ConfigError
from lrtui.datasets.reading import opening

DIGITS = "9" * 5000

CASES: dict[str, tuple[bytes, str]] = {
    "nested lists": (b"lr = " + b"[" * 10_000 + b"]" * 10_000, "nests tables or lists too deep"),
    "nested tables": (
        b"lr = " + b"{a = " * 10_000 + b"1" + b"}" * 10_000,
        "nests tables or lists too deep",
    ),
    "a key of many parts": (b".".join([b"lr"] * 10_000) + b" = 1", "nests tables or lists too deep"),
    "quoted parts": (b'"lr"' + b" . 'lr'" * 100_000 + b" = 1", "nests tables or lists too deep"),
    "a heading of many parts": (
        b"[" + b".".join([b"lr"] * 200_000) + b"]",
        "nests tables or lists too deep",
    ),
    "a long whole number": (f"epochs = {DIGITS}".encode(), "holds so long a number that it is none"),
    "a long hexadecimal number": (f"lr = 0x{DIGITS}".encode(), "cannot be so long a number"),
    "a number of 4,000 digits": (f"lr = {DIGITS[:4000]}".encode(), "cannot be so long a number"),
    "a long fraction": (f"lr = {DIGITS}.5".encode(), "The learning rate cannot be 'inf'"),
    "a huge exponent": (b"lr = 1e999", "The learning rate cannot be 'inf'"),
    "nan": (b"lr = nan", "The learning rate cannot be 'nan'"),
    "-inf": (b"init-bias = -inf", "The init bias cannot be '-inf'"),
    "true": (b"epochs = true", "The epochs cannot be true"),
    "a date": (b"epochs = 2024-01-01", "The epochs cannot be a date or a time"),
    "a date beyond the calendar": (b"epochs = 2024-02-30", "is not TOML: Invalid date or datetime"),
    "a time": (b"seed = 07:32:00", "The seed cannot be a date or a time"),
    "a table": (b"lr = {a = 1}", "The learning rate cannot be a table"),
    "a list": (b"lr = [0.1]", "The learning rate cannot be a list"),
    "a heading": (b"[train]\nlr = 0.1", "holds a table, 'train', and a config has none"),
    "digits of another script": ('seed = "５"'.encode(), "The seed cannot be '５'"),
    "half a group": (b'epochs = "1__0"', "The epochs cannot be '1__0'"),
    "an unknown key": (b"learning_rate = 0.1", "'learning_rate', and there is no hyperparameter called so"),
    "two spellings": (b"batch-size = 1\nbatch_size = 2", "gives 'batch_size' twice"),
    "the same key twice": (b"lr = 1\nlr = 2", "is not TOML: Cannot overwrite a value"),
    "not UTF-8": (b"lr = 0.1 # \xff", "is not text in UTF-8"),
    "UTF-16": ("lr = 0.1".encode("utf-16"), "is not text in UTF-8"),
    "zeros": (bytes(1000), "is not TOML"),
    "an escape code": (b'"\x1b[31m" = 1', "is not TOML"),
    "larger than any config": (b"# " + b"x" * MOST, "is larger than 1 MB"),
}


def said(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        read_toml(path)
    assert caught.value.what.endswith(".")
    assert caught.value.fix.endswith(".")
    assert str(caught.value).isprintable()
    return str(caught.value)


@pytest.mark.parametrize("case", CASES)
def test_what_is_no_config_is_answered_by_what_is_wrong(tmp_path: Path, case: str) -> None:
    data, why = CASES[case]
    (tmp_path / "c.toml").write_bytes(data)
    assert why in said(tmp_path / "c.toml")


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("learning_rate", "lr"),
        ("Weight-Decay", "weight_decay"),
        ("optimiser", "optimizer"),
        ("epoch", "epochs"),
    ],
)
def test_an_unknown_key_is_told_the_nearest_name(tmp_path: Path, key: str, meant: str) -> None:
    (tmp_path / "c.toml").write_text(f"{key} = 1\n")
    assert f"Did you mean {meant}?" in said(tmp_path / "c.toml")


def test_a_file_of_gigabytes_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "c.toml").open("wb") as file:
        file.truncate(8 << 30)  # no block of it lies on the disk
    assert "is larger than 1 MB" in said(tmp_path / "c.toml")


def test_names_with_many_dots_are_no_nesting(tmp_path: Path) -> None:
    names = [f"a.b.c.{i}" for i in range(500)]
    (tmp_path / "c.toml").write_text(f"drop_columns = {names!r}\r\n")
    assert read_toml(tmp_path / "c.toml") == {"drop_columns": names}


# Pipes, devices and the like


def writing(path: Path, *pieces: bytes) -> threading.Thread:
    """A writer that comes to a pipe after us."""

    def write() -> None:
        with path.open("wb", buffering=0) as pipe:
            for piece in pieces:
                pipe.write(piece)

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    return thread


def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "c")
    writer = writing(tmp_path / "c", b"lr = 0.", b"5\nepochs", b" = 7\n")
    assert read_toml(tmp_path / "c") == {"lr": 0.5, "epochs": 7}
    writer.join()


def test_a_pipe_without_a_writer_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    os.mkfifo(tmp_path / "c")
    assert "did not come to its end" in said(tmp_path / "c")


def test_a_pipe_whose_writer_says_nothing_more_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    os.mkfifo(tmp_path / "c")
    kept_open = os.open(tmp_path / "c", os.O_RDWR)
    try:
        os.write(kept_open, b"lr = 0.5\n")
        assert "did not come to its end" in said(tmp_path / "c")
    finally:
        os.close(kept_open)


def test_a_pipe_without_an_end_is_not_read_on(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "c")
    stop = threading.Event()

    def write() -> None:
        try:
            with (tmp_path / "c").open("wb", buffering=0) as pipe:
                while not stop.is_set():
                    pipe.write(b"# more\n" * 1000)
        except BrokenPipeError:
            return

    thread = threading.Thread(target=write)
    thread.start()
    assert "is larger than 1 MB" in said(tmp_path / "c")
    thread.join()


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/urandom", "/dev/tty"])
def test_a_device_is_refused(path: str) -> None:
    if os.path.exists(path):
        assert "is a device" in said(Path(path))


def test_no_device_at_all_is_an_empty_config() -> None:
    assert read_toml(Path(os.devnull)) == {}


def test_a_folder_and_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is a folder" in said(tmp_path)
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind("s")
        assert "is a socket" in said(Path("s"))


@pytest.mark.parametrize("make", [lambda: "c\0.toml", lambda: "c" * 5000, lambda: "none.toml"])
def test_a_path_that_leads_nowhere(make: Callable[[], str]) -> None:
    assert "cannot be read" in said(Path(make()))
