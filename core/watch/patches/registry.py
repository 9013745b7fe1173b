"""``patch``: from a finding and the sources to the new sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import libcst as cst

from lrtui.core.watch.finding import Finding
from lrtui.core.watch.patches import families
from lrtui.core.watch.patches.script import Script

MARK = "\ufeff"  # some editors begin a file with it
Patch = Callable[[Script], bool]


@cache
def patches() -> Mapping[str, Patch]:
    """Every patch by the id of its cause: the ``PATCHES`` of the files in ``families/``."""
    found: dict[str, Patch] = {}
    for file in iter_modules(families.__path__):
        found.update(import_module(f"{families.__name__}.{file.name}").PATCHES)
    return found


def patch(finding: Finding, sources: Mapping[str, str]) -> Mapping[str, str] | None:
    """The files that change, with their new text; None where no safe edit is known."""
    mend = patches().get(finding.cause)
    if mend is None:
        return None
    try:
        script = Script(finding, {path: text.removeprefix(MARK) for path, text in sources.items()})
        if not mend(script) or not script.edits:
            return None
        after = {path: script.edits.text(source) for path, source in script.sources.items()}
    except (cst.ParserSyntaxError, RecursionError):
        return None  # syntax that LibCST does not know yet, or a tree too deep for it
    after = {path: MARK * sources[path].startswith(MARK) + text for path, text in after.items()}
    changed = {path: text for path, text in after.items() if text != sources[path]}
    return changed if changed and all(_parses(text) for text in changed.values()) else None


def _parses(text: str) -> bool:
    try:
        compile(text.removeprefix(MARK), "script", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True
