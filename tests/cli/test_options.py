# ruff: noqa: E501 - tables of values
"""Every option of every command with odd values: each means what it says, or is refused."""

from __future__ import annotations

import random
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest

from lrtui.core.config import knobs
from lrtui.core.config.allowed import limits
from lrtui.core.store import Store
from lrtui.datasets.errors import LrtuiError
from lrtui.tui.cli.front import COMMANDS
from lrtui.tui.cli.group import lrtui as group
from tests.cli.commands import Lrtui, refused

SEED = 11
CASES = 500
DEADLINE = 20  # seconds for one call, which takes milliseconds
DIGITS = "9" * 5000

# text → the number that it is to everybody who reads it; None: it is none
NUMBERS: dict[str, str | None] = {
    "0": "0", "1": "1", "5": "5", " 5 ": "5", "\t5\n": "5", "05": "5", "+5": "5", "-5": "-5", "-0": "0",
    "0.5": "0.5", ".5": "0.5", "5.": "5", "1.5": "1.5", "1e3": "1000", "1E3": "1000", "1e-3": "0.001",
    "1_000": "1000", "1,000": "1000", "1,000.5": "1000.5", "12_34": "1234", "1e999": "1e999",
    "-1e999": "-1e999", "99999999999999999999999": "1e23", "9223372036854775808": "9223372036854775808",
    DIGITS: "1e5000", f"-{DIGITS}": "-1e5000", f"0.{DIGITS}": "1",
    "": None, " ": None, "１": None, "５": None, "٣": None, "²": None, "Ⅷ": None, "1２": None, "1__0": None, "_1": None,
    "1_": None, "1,0": None, "0,1": None, "1,00,0": None, "1 000": None, "0x10": None, "0b1": None, "0o7": None,
    "1e": None, "e5": None, "1e1.5": None, "--5": None, "+-5": None, "5-": None, "nan": None, "inf": None,
    "-Infinity": None, "1/2": None, "5%": None, "1j": None, "5\x00": None, "5\x1b[31m": None, "true": None, "None": None,
}  # fmt: skip
WORDS = (
    "yes", "no", "none", "suggested", "-", "--", "a,b", '"', "'a", "a\nb", "é", "\u202e5", "\udcff", "{}", "[1]",
    "$HOME", "~nobody-here/x", "a" * 100_000, "1:2:3", "1:2:", ":::", f"1:2:{DIGITS}", "1:2:３", "1:1e999:5",
    "idna", "unicode_escape", "utf-8", "/dev/null", "*", "[", "../..", "standard", "none,standard", "log-odds",
)  # fmt: skip
VALUES = (*NUMBERS, *WORDS)
# The words that stand beside numbers, and what is no number but means one.
BESIDE = {"init_bias": {"", " "}, "threshold": set(), "lr": {"suggested"}, "epochs": {"suggested"}}


class AcceptedError(LrtuiError):
    """Raised in place of the work: so far, all was well."""


@pytest.fixture
def call(lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str | None]:
    """Call a command that does no work: what it said where it refused, ``None`` where it would begin."""

    def begun(*_arguments: Any, **_options: Any) -> None:
        raise AcceptedError("It would begin.", "Nothing is to be done.")

    for name in ("lrtui.core.doctor.source", "lrtui.core.engine.diagnosis_service"):
        import_module(name)  # so that what takes `load` by name has the real one
    for where in (
        "lrtui.datasets.loading.load",
        "lrtui.datasets.inspection.inspector.Inspector",
        "lrtui.tui.app.run_dashboard",
        "lrtui.tui.cli.ranks.ranks_here",
    ):
        monkeypatch.setattr(where, begun)
    monkeypatch.setattr("lrtui.tui.cli.dashboard.check_terminal", lambda: None)

    def run(*arguments: str) -> str | None:
        with deadline():  # the dashboard is what has no name
            code, out, err = lrtui(*arguments[arguments[0] == "dashboard" :])
        if code == 0:
            assert "Traceback" not in out + err
            return None
        said = refused((code, out, err))
        assert said.replace("\n", "").isprintable()
        assert len(said) < 2000
        return None if "It would begin." in said else said

    return run


@contextmanager
def deadline() -> Iterator[None]:
    def late(*_: object) -> None:
        raise AssertionError("a command waits without an end")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(DEADLINE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "a.csv"
    path.write_text("x,z,y\n" + "".join(f"{i},{i % 7},{'ab'[i % 2]}\n" for i in range(40)))
    return str(path)


def options_of(name: str) -> list[str]:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return [opt for found in command.params if isinstance(found, click.Option) for opt in found.opts]


def test_any_value_of_any_option_is_used_or_refused_in_two_sentences(
    call: Callable[..., str | None], table: str, store: Store
) -> None:
    calls = [
        (name, option, value)
        for name in (*COMMANDS, "dashboard")
        if name != "serve"  # which serves until it is ended
        for option in options_of(name)
        for value in VALUES
    ]
    drawn = random.Random(SEED).sample(calls, CASES)
    data = {"train": table, "sweep": "moons", "diagnose": table, "inspect": table, "dashboard": table}
    data |= {"show": "1", "resume": "1"}
    for name, option, value in drawn:
        # With =, no value is taken for an option of its own.
        call(name, *([data[name]] if name in data else []), f"{option}={value}")


@pytest.mark.parametrize("place", ["show", "resume", "inspect", "train", "diagnose", "sweep", "dashboard"])
def test_any_argument_is_used_or_refused_in_two_sentences(
    call: Callable[..., str | None], store: Store, place: str
) -> None:
    # All that take a source read it alike: one of them is asked for each kind.
    for value in VALUES:
        for prefix in ("", "moons:n=", "openml:", "sklearn:") if place == "train" else ("",):
            if prefix or value != "-":  # standard input
                call(place, "--", f"{prefix}{value}")


@pytest.mark.parametrize("name", [name for name in knobs() if limits(name) is not None])
def test_a_number_means_what_it_says_or_is_refused(call: Callable[..., str | None], name: str) -> None:
    low, high = (Decimal(repr(limit)) for limit in limits(name) or ())
    for text, means in NUMBERS.items():
        number = None if means is None else Decimal(means)
        fits = number is not None and low <= number <= high
        if fits and name in ("epochs", "batch_size", "seed", "split_seed", "patience"):
            fits = number == number.to_integral_value()  # type: ignore[union-attr]
        fits = fits or text in BESIDE.get(name, ())
        said = call("train", "moons", f"--{name.replace('_', '-')}={text}")
        assert (said is None) == fits, (name, text, said)


@pytest.mark.parametrize("name", ["runs --limit", "show", "resume", "diagnose --run"])
def test_the_number_of_a_run_has_digits_of_ascii_alone(
    call: Callable[..., str | None], store: Store, name: str
) -> None:
    for text in NUMBERS:
        digits = text.strip().isascii() and text.strip().isdigit()
        said = call(*name.split(), "--", text) if " " not in name else call(*f"{name}={text}".split(" ", 1))
        known = said is None or re.search(r"There is no run \d", said) is not None
        assert known == (digits and (int(text[:9]) > 0 or name in ("show", "resume"))), (text, said)


def test_a_limit_beyond_all_counting_lists_all(lrtui: Lrtui, store: Store) -> None:
    assert lrtui("runs", "--limit", "99999999999999999999999")[0] == 0
    assert lrtui("runs", "--limit", DIGITS, "--json") == (0, "[]\n", "")


@pytest.mark.parametrize(
    "name",
    [
        "moons:", "moons:,", "moons:=3", "moons:n", "moons:n=", "moons:n=50,", "moons:n=50,n=60", "moons:n=50,n=50",
        "moons:foo=1", "moons:n=50=60", "moons:n=５０", "moons:n=1__0", "moons:n:50", "moons:n=1e999", "moons:seed=-1",
        "moons:n=nan", f"moons:n={DIGITS}", "breast-cancer:", "breast-cancer:n=5", "iris-versicolor:,",
    ],
)  # fmt: skip
def test_a_parameter_without_name_or_value_or_given_twice_is_refused(
    call: Callable[..., str | None], name: str
) -> None:
    assert call("train", name) is not None


@pytest.mark.parametrize(
    "name", ["moons:n=50", "moons:n= 50 ,noise=.1", "moons:n=1e3", "moons:seed=4294967295"]
)
def test_parameters_that_mean_something_are_taken(call: Callable[..., str | None], name: str) -> None:
    assert call("train", name) is None


@pytest.mark.parametrize(
    ("first", "second", "fine"),
    [
        ("--lr=0.1", "--lr=0.2", False),
        ("--lr=0.1", "--lr=0.1", True),
        ("--shuffle", "--no-shuffle", False),
        ("--shuffle=yes", "--no-shuffle", False),
        ("--shuffle", "--shuffle=no", False),
        ("--shuffle=no", "--no-shuffle", True),
        ("--shuffle", "--shuffle", True),
        ("--config=/dev/null", "--config=/dev/zero", False),
        ("--target=x", "--target=y", False),
        ("--separator=;", "--separator=,", False),
    ],
)
@pytest.mark.parametrize("name", ["train", "sweep", "diagnose", "dashboard"])
def test_an_option_is_given_once(
    call: Callable[..., str | None], table: str, name: str, first: str, second: str, fine: bool
) -> None:
    said = call(name, table, first, second)
    assert (said is None) == fine
    assert said is None or "twice" in said or "both given" in said


@pytest.mark.parametrize(
    "name",
    ["idna", "punycode", "unicode_escape", "raw_unicode_escape", "raw-unicode-escape", "undefined", "mbcs", "oem",
     "rot13", "rot_13", "base64", "base64_codec", "bz2", "hex", "uu", "zlib", "quopri", "charmap", "", "klingon",
     "utf-8\x1b", "utf-８", "aliases", "utf-8;rm", "\x00"],
)  # fmt: skip
def test_only_encodings_of_text_files_are_encodings(
    call: Callable[..., str | None], table: str, name: str
) -> None:
    assert "no encoding of text files called" in (call("train", table, f"--encoding={name}") or "")


@pytest.mark.parametrize(
    "name", ["utf-8", "UTF-16", "latin1", "windows-1252", "cp1251", "koi8-r", "shift_jis", "utf 8"]
)
def test_encodings_of_text_files_are_taken(call: Callable[..., str | None], table: str, name: str) -> None:
    assert call("train", table, "--encoding", name) is None


@pytest.mark.parametrize(
    ("file", "options", "said"),
    [
        ("a.parquet", "--separator=;", "--separator was given, but"),
        ("a.parquet", "--encoding=utf-8", "is read as Parquet"),
        ("a.npz", "--header=no", "--header was given"),
        ("a.jsonl", "--quote=none", "is read as JSON lines"),
        ("sklearn:iris", "--encoding=utf-8", "'sklearn:iris' is no file"),
        ("openml:61", "--format=csv", "'openml:61' is no file"),
        ("moons", "--target=y", "has its own target"),
        ("a.csv", "--format=word", "no format called"),
    ],
)
def test_an_option_that_would_say_nothing_is_refused(
    call: Callable[..., str | None], tmp_path: Path, file: str, options: str, said: str
) -> None:
    path = tmp_path / file
    if path.suffix:
        path.write_bytes(
            {".parquet": b"PAR1", ".npz": b"PK\x03\x04", ".jsonl": b"{}"}.get(path.suffix, b"x,y\n")
        )
    assert said in (call("train", str(path) if path.suffix else file, options) or "")
