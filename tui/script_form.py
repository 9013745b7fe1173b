"""A logistic or softmax regression of a script, taken to the form; and the form's values written back."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from lrtui.core.config import Config, knob, shown_value
from lrtui.core.errors import EngineError
from lrtui.core.store import Run
from lrtui.core.store.scripts import Patch, Problem
from lrtui.core.watch.sources import read_source
from lrtui.datasets.source import Source
from lrtui.datasets.storage.nofollow import NEW
from lrtui.datasets.text import quote
from lrtui.tui.render.key_names import key_name
from lrtui.tui.session_state import SessionState

NAME = "script-{}.npz"
OURS = re.compile(r"script-(\d+)\.npz")
# Fields whose values stand in a script where a patch finds them, with the patch that does.
WRITTEN = {
    "lr": "lr-too-low",
    "epochs": "too-few-epochs",
    "weight_decay": "weight-decay-too-strong",
    "batch_size": "batch-too-small",
    "momentum": "momentum",
}
TITLE = "Write the form's values into the script…"


def take(session: SessionState, choose: Callable[[Source], None]) -> None:
    """Take the data and settings of the script that is shown to the form; ``choose`` takes a dataset."""
    run, script = session.script, session.poller.view.script
    if run is None or script is None or not script.linear:
        session.notice = (
            "Only a regression is taken to the form, logistic or softmax, once the doctor has seen it."
        )
        return
    problem, tables = session.store.scripts.problem(run.id), session.store.scripts.tables(run.id)
    if problem is None or tables is None:
        raise EngineError(f"The data of run {run.id} cannot be read.", "Run the script again.")
    train = _written(session, NAME.format(run.id), tables[0])
    test = None if tables[1] is None else _written(session, NAME.format(f"{run.id}-test"), tables[1])
    many = problem.classes > 2
    choose(Source(train, "y", None if many else "1", multiclass=many, test=test))
    session.change(Config.model_validate(problem.config))
    session.notice = (
        f"The data and settings of {quote(run.source.label)}. {key_name('run.space')} trains them here; "
        "Ctrl+P writes them back."
    )


def _written(session: SessionState, name: str, data: bytes) -> str:
    """The path of a table, written beside the store; never over anything."""
    path = session.store.path.parent / name
    with suppress(FileExistsError), open(os.open(path, NEW, 0o600), "wb") as file:
        file.write(data)
    if path.read_bytes() != data:
        raise EngineError(f"{quote(str(path))} is there already, and is another file.", "Move it away.")
    return str(path)


def script_behind(session: SessionState) -> int | None:
    """The run of the script that the data of the form came from."""
    path = Path(session.source.name)
    match = OURS.fullmatch(path.name)
    return int(match[1]) if match and path.parent == session.store.path.parent else None


def write_back(session: SessionState) -> tuple[Run, Patch, str] | str:
    """The patch that writes the form's values into the script, with a word on it; or why there is none."""
    run_id = script_behind(session)
    problem = None if run_id is None else session.store.scripts.problem(run_id)
    if run_id is None or problem is None:
        take_key = key_name("form.take")
        return f"The form does not show the data of a script. {take_key} takes a script to it."
    asked, config = Config.model_validate(problem.config), session.config
    differ = [name for name in Config.model_fields if getattr(asked, name) != getattr(config, name)]
    if not differ:
        return "The form has the script's own values; change them, and write them back then."
    _check(problem)
    texts, done = dict(problem.sources), list[str]()
    for name in differ:
        if (found := _patched(problem, texts, name, getattr(config, name))) is not None:
            texts |= found
            done.append(name)
    after = {path: text for path, text in texts.items() if text != problem.sources[path]}
    if not after:
        return f"Nothing was found in the script that sets {_labels(differ)}; change it by hand."
    from lrtui.core.watch.patches import unified  # a syntax tree, not on the way to the first screen

    names = {path: os.path.basename(path) for path in after}
    before = {path: problem.sources[path] for path in after}
    left = [name for name in differ if name not in done]
    words = f"The script with {_values(done, config)}, as on the form."
    if left:
        words += f" To be changed by hand: {_values(left, config)}."
    return session.store.runs.get(run_id), Patch(unified(before, after, names), before, after), words


def _patched(problem: Problem, texts: dict[str, str], name: str, value: object) -> dict[str, str] | None:
    if name not in WRITTEN or not isinstance(value, int | float) or (name == "batch_size" and not value):
        return None
    from lrtui.core.watch.finding import Finding, Place
    from lrtui.core.watch.patches import patch

    places = {where: [Place(*one) for one in entries] for where, entries in problem.places.items()}
    found = patch(Finding(WRITTEN[name], places, {name: value}), texts)
    return None if found is None else dict(found)


def _check(problem: Problem) -> None:
    """See that the script is as it was run: the places hold for that text alone."""
    for path, text in problem.sources.items():
        try:
            same = read_source(Path(path)) == text
        except (OSError, UnicodeDecodeError):
            same = False
        if not same:
            raise EngineError(f"{quote(path)} was changed since it was run.", "Watch it again first.")


def _labels(names: list[str]) -> str:
    return " and ".join(knob(name).label for name in names)


def _values(names: list[str], config: Config) -> str:
    return ", ".join(f"{knob(name).label} {shown_value(name, getattr(config, name))}" for name in names)
