"""A short fuzz with a fixed seed; and that the fuzz sees what it is there to see."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from lrtui.core.config import Change
from lrtui.tui.dashboard import Dashboard
from lrtui.tui.terminal.input import TerminalInput
from tests.fuzz.failures import Failure
from tests.fuzz.player import Player
from tests.fuzz.screens import garbage
from tests.fuzz.sequences import Sequence, sequence, shortest_failing
from tests.fuzz.shrinking import shortest
from tests.fuzz.undisturbed import Trace, differences, trained

PLAIN = {"dataset": "moons", "size": [80, 24], "ascii": False, "doctor": False, "damages": []}
MANY = [
    ["bytes", ["j", "k", "R"]],
    ["resize", 60, 20],
    ["bytes", ["H", "?"]],
    ["bytes", ["l"]],
]


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("fuzz")
        for name in ("LRTUI_HOME", "LRTUI_CACHE"):
            patch.setenv(name, str(folder / name))  # what the world sets is taken back
        patch.chdir(folder)
        with Player(folder) as player:
            yield player


def failed(player: Player, *steps: list[object]) -> Failure:
    found = player.play(Sequence(PLAIN, [*steps]))
    assert found is not None
    return found


# --- the fuzz ---


def test_random_input_neither_crashes_nor_hangs_the_dashboard(player: Player) -> None:
    made = sequence("suite:0", 25)
    assert made == sequence("suite:0", 25)  # the same in every session
    found = player.play(made)
    assert found is None, f"{found.signature}\n{found.detail}"
    assert player.events > 100
    assert len(player.seen) > 1


# --- it sees what fails, and says it briefly ---


def test_a_crash_is_found_and_cut_down_to_the_one_key_that_brings_it_about(
    player: Player, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def crash(_: Dashboard) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Dashboard, "action_help", crash)
    found = player.play(Sequence(PLAIN, MANY))
    assert found is not None
    assert found.signature.startswith("crash: ZeroDivisionError")
    short = shortest_failing(Sequence(PLAIN, player.done), found, player.play, 60)
    assert short.steps == [["bytes", ["?"]]]
    short.write(tmp_path / "failing.jsonl")
    assert Sequence.read(tmp_path / "failing.jsonl") == short
    again = player.play(short)
    assert again is not None
    assert again.signature == found.signature


def test_an_endless_loop_is_found(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(_: Dashboard) -> None:
        while True:
            pass

    monkeypatch.setattr(Dashboard, "action_help", endless)
    monkeypatch.setattr(player.watchdog, "computing", 0.4)
    found = failed(player, ["bytes", ["?"]])
    assert found.kind == "hang"
    assert "in endless" in found.detail


def test_a_dashboard_that_cannot_be_left_is_found(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stay(_: Dashboard) -> None:
        pass

    monkeypatch.setattr(Dashboard, "action_interrupt", stay)
    assert failed(player, ["bytes", ["j"]]).kind == "stays"


def test_an_escape_sequence_that_is_taken_for_typed_text_is_found(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TerminalInput, "_mouse", lambda self, *parts: self._of_table("<"))
    found = failed(player, ["bytes", ["o"]], ["bytes", ["\x1b[<35;10;10M"]])
    assert found.signature == "garbage: an escape sequence in the input of ChooserScreen"


@pytest.mark.parametrize(
    "written",
    [
        "\x1b[31337q",
        "\x1b]0;title\x07",
        "\x1b[2",
        "a\x00b",
        "a\x9bb",
        "\u202e",
        "\u200b",
        "e\u0301",
        "\ud800",
    ],
)
def test_what_no_terminal_should_be_sent_is_found(written: str) -> None:
    found = garbage(f"\x1b[1;1H\x1b[1mlrtui {written}")
    assert found is not None
    assert found.kind == "garbage"
    assert garbage("\x1b[1;1H\x1b[1;38;5;7mlrtui ─ 漢") is None


def test_the_shortest_part_holds_all_that_it_takes_and_nothing_else() -> None:
    def fails(part: list[int]) -> bool:
        return {3, 57, 91} <= set(part)

    assert shortest(range(100), fails) == [3, 57, 91]
    assert shortest([7], lambda part: True) == [7]


# --- what the kill test compares with ---


def test_one_bit_is_a_difference() -> None:
    values = {"epochs": 60, "batch_size": 0}
    whole = trained("moons", values, [Change(20, "lr", 0.1, 0.3)])
    assert len(whole.losses) == 4 * 60
    assert differences(trained("moons", values, whole.changes), whole) == []
    for kept in (
        Trace(_flipped(whole.losses), whole.snapshots, whole.changes),
        Trace(whole.losses[:-4], whole.snapshots, whole.changes),
        Trace(whole.losses, {**whole.snapshots, 60: (b"", 0.0)}, whole.changes),
        Trace(whole.losses, whole.snapshots, [Change(21, "lr", 0.1, 0.3)]),
        trained("moons", values, [Change(21, "lr", 0.1, 0.3)]),
    ):
        assert differences(kept, whole)


def _flipped(losses: bytes) -> bytes:
    bits = array("I", losses)
    bits[30] ^= 1
    return bits.tobytes()
