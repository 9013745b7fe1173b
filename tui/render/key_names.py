"""The keys that sentences name, by the id of their action: as they are built in, or a person's own."""

from __future__ import annotations

from collections.abc import Mapping

USUAL = {
    "run.space": "Space",
    "run.stop": "x",
    "run.sweep": "w",
    "run.back": "[",
    "run.forward": "]",
    "run.newest": "Esc",
    "run.branch": "b",
    "doctor.open": "d",
    "doctor.fix": "f",
    "doctor.call_off": "c",
    "form.undo": "u",
    "form.take": "t",
    "form.all": "Esc",
    "chooser.take": "Enter",
    "dataset.open": "o",
    "dataset.inspect": "i",
    "inside.next": "v",
    "inspect.target": "t",
    "inspect.turn": "Tab",
    "inspect.all": "Esc",
    "inspect.close": "Esc",
    "runs.show": "Enter",
    "all_runs.mark": "Space",
    "quit.leave": "Enter",
    "quit.stop": "s",
    "quit.stay": "Esc",
    "reset.reset": "Enter",
    "reset.stay": "Esc",
}
_own: dict[str, str] = {}  # of the one dashboard of this process


def key_name(action: str) -> str:
    """The key of an action, as a sentence names it."""
    return _own.get(action, USUAL[action])


def name_keys(own: Mapping[str, str]) -> None:
    """From now on these actions have these keys, and all others their usual ones."""
    _own.clear()
    _own.update(own)
