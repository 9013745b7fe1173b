"""Stored runs as commands name them: by number, as ``last``, or as a rescue file."""

from __future__ import annotations

import shlex
import time
from pathlib import Path

from lrtui.core.config.text import check_value
from lrtui.core.engine.owner import is_alive
from lrtui.core.errors import StoreError
from lrtui.core.store import Run, Status, Store
from lrtui.core.store.messages import PutDown
from lrtui.core.store.rescue import rescues, take_in
from lrtui.datasets.numbers import is_digits, plain_whole
from lrtui.datasets.text import quote, safe

LONGEST = 40  # digits
ANSWER_SECONDS = 5.0  # for a process to let go of a paused run
LOOK_SECONDS = 0.02


def settle(store: Store) -> None:
    """Say of every run what is true of it now: dead processes hold none, damaged states resume none.

    What was put away days ago is removed for good.
    """
    store.labels.discard()
    store.runs.interrupt_orphans(is_alive)
    store.runs.fail_damaged()


def number_of(text: str) -> int | None:
    """The number of a run that a person typed; ``None`` where it is none, and cut where no run has it."""
    return int(text.strip()[:LONGEST]) if is_digits(text) else None


def nothing_listed(store: Store, *, removed: bool = False) -> StoreError:
    """What is said where no run is listed, or with ``removed`` none that was put away."""
    if removed:
        return StoreError("No run is put away.", "lrtui runs lists those that there are.")
    if store.runs.recent(1, removed=True):
        return StoreError("Every run is put away.", "lrtui runs --removed lists them.")
    return StoreError("No run is stored yet.", "lrtui train makes one.")


def find(store: Store, text: str, *, removed: bool = False) -> Run:
    """The run that a person names: by number, by the name that it was given, or as ``last``.

    With ``removed`` names and ``last`` are those of the runs that were put away.

    Raises:
        StoreError: there is none, or there are several of that name.
    """
    if text == "last":
        recent = store.runs.recent(1, removed=removed)
        if recent:
            return recent[0]
        raise nothing_listed(store, removed=removed)
    number = number_of(text)
    if number is not None:
        return store.runs.look_up(number)
    named = store.labels.named(text, removed=removed)
    if len(named) == 1:
        return store.runs.look_up(named[0])
    if named:
        raise StoreError(
            f"{len(named)} runs are called {quote(text)}: {', '.join(map(str, named))}.",
            "Give the number of one.",
        )
    raise StoreError(
        f"There is no run called {quote(text)}.",
        "A run is given by its number, by the name it was given, or as last: lrtui runs lists them.",
    )


def more_epochs(run: Run, text: str) -> int:
    """How many epochs a run is to have in all: ``300``, or ``+100`` more than it has done.

    Raises:
        StoreError: that is no number of epochs, or no more than were done.
    """
    found = plain_whole(text.strip().removeprefix("+"))
    if found is None or found < 1:
        raise StoreError(
            f"{quote(text)} is no number of epochs.", "Give one such as 300, or +100 for more."
        )
    epochs = run.epoch + found if text.strip().startswith("+") else found
    if epochs <= run.epoch:
        raise StoreError(
            f"Run {run.id} has {run.epoch:,} epochs already, and is to have {epochs:,} in all.",
            f"Give more, or +{found} for so many more.",
        )
    check_value("epochs", epochs)
    return epochs


def take_up(store: Store, text: str, owner: str, *, further: bool = False) -> Run:
    """Take up a run by its number or name, or that of a rescue file, for ``owner``.

    With ``further`` also one that has ended, to go on for more epochs.

    One out of a rescue file that has ended belongs to nobody: there is nothing to train on.

    Raises:
        StoreError: there is no such run, or it cannot be taken up; says what it is.
    """
    number = number_of(text)
    if number is None and not Path(text).exists():
        number = _meant(store, text)
    if number is None:
        path = Path(text).absolute()
        known = [found for found in rescues(store.path.parent) if found.name == text]  # as lrtui tells it
        return take_in(store, path if path.exists() or not known else known[0], owner, is_alive)
    run = store.runs.get(number)
    if run.status is Status.PAUSED and run.owner is not None:
        run = _let_go(store, run)
    may = run.resumable or (further and run.extendable)
    if not may or not store.runs.claim(number, owner, further=further):
        raise _refusal(store.runs.get(number))
    return store.runs.get(number)


def _meant(store: Store, text: str) -> int | None:
    """The run of this name, or the last; ``None`` where that is no run, or more than one."""
    found = [run.id for run in store.runs.recent(1)] if text == "last" else store.labels.named(text)
    return found[0] if len(found) == 1 else None


def in_rescue_file(path: Path) -> StoreError:
    """The last word to a person whose store was lost while a command trained."""
    return StoreError(
        "The store was lost while this run trained, so the run is kept in a rescue file.",
        f"lrtui resume {safe(shlex.quote(str(path)))} puts it into the store that is there then.",
    )


def _let_go(store: Store, run: Run) -> Run:
    """Ask the process that holds a paused run to put it down; returns the run as it then is."""
    assert run.owner is not None, "somebody holds it"
    store.commands.send(run.owner, PutDown(run.id))
    until = time.monotonic() + ANSWER_SECONDS
    while True:
        store.runs.interrupt_orphans(is_alive)
        now = store.runs.get(run.id)
        if now.owner != run.owner or now.status is not Status.PAUSED:
            return now
        if time.monotonic() > until:
            raise StoreError(
                f"Run {run.id} is paused in a process that does not answer.",
                "End that process, or let it go on, and try again.",
            )
        time.sleep(LOOK_SECONDS)


def _refusal(run: Run) -> StoreError:
    """Why a run cannot be taken up."""
    if run.watched and not run.status.live:
        name = safe(shlex.quote(run.source.name))
        return StoreError(
            f"Run {run.id} is a script, which cannot be resumed.", f"lrtui watch {name} runs it again."
        )
    if run.status.live:
        return StoreError(
            f"Run {run.id} is {run.status} in another process.", "lrtui shows it, and so does lrtui runs."
        )
    if run.status is Status.FAILED and run.failure is not None:
        return StoreError(f"Run {run.id} failed: {run.failure.what}", run.failure.fix)
    if run.status is Status.FINISHED and run.diverged_at is not None:
        return StoreError(
            f"Run {run.id} diverged at epoch {run.diverged_at:,}, and cannot go on.",
            "Train it anew, with a smaller learning rate.",
        )
    if run.extendable:
        return StoreError(
            f"Run {run.id} is finished, after {run.epoch:,} epochs.",
            f"lrtui resume {run.id} --epochs +{run.epoch} trains it for as many more.",
        )
    return StoreError(
        f"Run {run.id} is {run.status} and cannot be resumed.",
        "Those that are interrupted, paused or stopped midway can be: lrtui runs lists them.",
    )
