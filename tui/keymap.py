"""Keys of a person's own, by the id of an action: what Textual is told, and what cannot be."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from textual.binding import Binding, BindingType, Keymap
from textual.keys import KEY_NAME_REPLACEMENTS, Keys, _character_to_key

from lrtui.datasets.text import quote, safe
from lrtui.tui import panes, screens
from lrtui.tui.bindings import DASHBOARD
from lrtui.tui.keys import NAMES
from lrtui.tui.panes.base import Pane
from lrtui.tui.panes.hyperparameters import BEGINS, HyperparametersPane
from lrtui.tui.screens.base import Sheet

EVERYWHERE = "the dashboard"
MODIFIERS = ("ctrl+", "alt+", "shift+", "super+", "hyper+", "meta+")
NAMED = {key.value for key in Keys} | set(NAMES) | set(KEY_NAME_REPLACEMENTS.values())
SHORT = {"esc": "escape", "pgup": "pageup", "pgdn": "pagedown", "del": "delete"}

Wrong = tuple[str, str, str]
"""The id of an action, what is wrong with its keys, and what to do."""


def keymap_of(given: Mapping[str, Sequence[str]]) -> tuple[Keymap, list[Wrong]]:
    """What of the keys can be used, and what is wrong with the rest: that keeps the keys it has."""
    if not given:
        return {}, []
    groups = every_binding()
    known = {binding.id for bindings in groups.values() for binding in bindings if binding.id}
    on_form = {one.id for name in (EVERYWHERE, HyperparametersPane.__name__) for one in groups[name]}
    begins = {key_of(character): character for character in BEGINS}
    keymap: dict[str, str] = {}
    wrong: list[Wrong] = []
    for action, keys in given.items():
        found = [key_of(key) for key in keys]
        odd = next((key for key, one in zip(keys, found, strict=True) if one is None), None)
        if action not in known:
            wrong.append((action, f"there is no action {quote(action)}.", _nearest(action, known)))
        elif odd is not None:
            fix = "Give one character, or a name such as f5, pageup or ctrl+t."
            wrong.append((action, f"{quote(odd)} is no key, and {quote(action)} keeps its own.", fix))
        elif action in on_form and (typed := next((begins[one] for one in found if one in begins), "")):
            what = f"{typed} begins a value in the form, and cannot be the key of {quote(action)}."
            wrong.append((action, what, "Give it another key."))
        else:
            keymap[action] = ",".join(dict.fromkeys(key for key in found if key is not None))
    while conflicts := _conflicts(groups, keymap):  # the key that one goes back to may be another's now
        for action, what in conflicts.items():
            del keymap[action]
            wrong.append((action, what, "Give one of them another key."))
    return keymap, wrong


def key_of(text: str) -> str | None:
    """A key as Textual calls it; ``None`` where there is none of this name."""
    if len(text) == 1:
        return str(_character_to_key(text)) if text.isprintable() else None
    name, modified = text.strip().lower().replace(" ", "_"), ""
    while (modifier := next((one for one in MODIFIERS if name.startswith(one)), None)) is not None:
        modified, name = modified + modifier, name.removeprefix(modifier)
    name = SHORT.get(name, name)
    if modified + name in NAMED:
        return modified + name
    if len(name) == 1 and name.isprintable():
        return modified + str(_character_to_key(name))
    return modified + name if name in NAMED else None


def every_binding() -> dict[str, list[Binding]]:
    """The bindings of the dashboard, of each pane and of each sheet, by the name of what they act in."""
    found = {EVERYWHERE: [*DASHBOARD, *_bindings(Pane.BINDINGS)]}
    for kind in (panes, screens):
        for module in pkgutil.iter_modules(kind.__path__):
            importlib.import_module(f"{kind.__name__}.{module.name}")
    for base in (Pane, Sheet):
        for kind_of in _subclasses(base):
            if own := list(_bindings(vars(kind_of).get("BINDINGS", ()))):
                found[kind_of.__name__] = own
    return found


def _bindings(given: Sequence[BindingType]) -> Iterator[Binding]:
    return (binding for binding in given if isinstance(binding, Binding))


def _subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        yield one
        yield from _subclasses(one)


def _conflicts(groups: Mapping[str, Sequence[Binding]], keymap: Keymap) -> dict[str, str]:
    """Actions whose new key another has where both can be asked for, with what is wrong."""
    found: dict[str, str] = {}
    for name, own in groups.items():
        near = [*own, *(groups[EVERYWHERE] if name != EVERYWHERE and _is_pane(name) else ())]
        before, now = _by_key(near, {}), _by_key(near, keymap)
        for key, actions in now.items():
            changed = [action for action in keymap if action in actions]
            if len(actions) > 1 and changed and actions != before.get(key, set()):
                last = changed[-1]
                others = " and ".join(sorted(quote(one) for one in actions if one != last))
                what = f"{safe(key)} is the key of {others}, and cannot be that of {quote(last)} too."
                found.setdefault(last, what)
    return found


def _is_pane(name: str) -> bool:
    return any(kind.__name__ == name for kind in _subclasses(Pane))


def _by_key(bindings: Sequence[Binding], keymap: Keymap) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for binding in bindings:
        if binding.id is not None:
            keys = keymap.get(binding.id, binding.key)
            for key in keys.split(","):
                found.setdefault(key.strip(), set()).add(binding.id)
    return found


def _nearest(action: str, known: set[str]) -> str:
    near = difflib.get_close_matches(action[:100], known, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    return f"{hint}lrtui config --show names them all."
