"""A run in plain words, as ``lrtui train`` and ``lrtui show`` print it."""

from __future__ import annotations

from lrtui.core.config import change_text, idle_text, knobs, shown_value
from lrtui.core.reproduce import line_of
from lrtui.core.results import shown_snapshot
from lrtui.core.store import Run, SnapshotRow, Status, Store
from lrtui.core.training.measurement import Measurement
from lrtui.datasets.text import safe
from lrtui.tui.render import classes
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.labels import called, label_lines
from lrtui.tui.render.numbers import clock, counted, number, speed
from lrtui.tui.render.status_message import status_message

COMMAND = 4000  # columns of a line that is copied, not read


def report(run: Run, glyphs: Glyphs, at: SnapshotRow | None = None, asked: int | None = None) -> str:
    """What became of a run, in a few lines; or how it was ``at`` an epoch, near to what was ``asked``."""
    measured = run.measured if at is None else at.measurement
    found = None if measured is None else Measurement.from_json(measured)
    lines = [
        f"{called(run, glyphs)}: {safe(run.source.label)}, {run.status} after {run.epoch:,} of "
        f"{counted(run.config.epochs, 'epoch')} in {clock(run.seconds)} ({speed(run)} epochs/s)",
        *label_lines(run, glyphs),
        *begin_lines(run),
        *(best_lines(run) if at is None else _epoch_lines(at.epoch, asked)),
    ]
    names = classes.many_classes(run.problem)
    if found is not None:
        said = classes.majority(found, run.problem) + classes.base_rate(run.problem, found)
        lines += [
            f"  loss               {number(found.train_loss)} train, {number(found.test_loss)} test",
            f"  accuracy           {number(found.test_accuracy, 3)} "
            f"({classes.always(run.problem, glyphs)}: {number(found.base_accuracy, 3)})",
            f"  balanced accuracy  {number(found.test_balanced_accuracy, 3)}",
            f"  ROC AUC            {number(found.test_auc, 3)}"
            + (" (mean of each class against the rest)" if names else ""),
            f"  predictions        {said}",
        ]
    if found is not None and names:
        lines.append(f"  recall             {classes.recall_sentence(found, names, glyphs)}")
    if run.source.is_file and run.problem is not None and not names:
        lines.append(f"  positive class     {safe(run.problem.class_names[1], 60)}")
    again = f"lrtui resume {run.id} takes it up." if run.resumable else "lrtui train starts it anew."
    wrong = status_message(run, None, again=again)  # what the predictions are is said already
    if wrong:
        lines.append(f"  {safe(wrong)}")
    if run.status is Status.STOPPED and run.resumable:
        lines.append(f"  lrtui resume {run.id} goes on with it.")
    if run.problem is not None and run.problem.note:
        lines.append(f"  {run.problem.note}")
    return "\n".join(lines)


def _epoch_lines(epoch: int, asked: int | None) -> list[str]:
    """Which epoch all numbers are of."""
    nearest = f", of those that are kept the nearest to {asked:,}" if asked not in (None, epoch) else ""
    return [f"  shown              epoch {epoch:,}{nearest}"]


def begin_lines(run: Run) -> list[str]:
    """Where the first weights of a branch are from."""
    if run.branch is None:
        return []
    branch = run.branch
    weights = f"with the weights of run {branch.run} at epoch {branch.epoch:,}, its optimizer anew"
    return [f"  began              {weights}"]


def best_lines(run: Run) -> list[str]:
    """That all numbers are of the best epoch, and by which loss it was chosen, where that is shown."""
    best = run.shown_best
    if best is None:
        return []
    chosen = f"epoch {best.epoch:,}, the best: {best.part} loss {number(best.loss)} is the lowest,"
    means = "so that the test scores flatter" if best.part == "test" else "of rows kept apart from training"
    return [f"  shown              {chosen}", f"                     {means}"]


def details(store: Store, run: Run, glyphs: Glyphs, at: SnapshotRow | None = None) -> str:
    """Config, weights and changes of a run; the weights ``at`` an epoch, where one is asked for."""
    changes = store.history.changes(run.id)
    others = sum(change.field != "epochs" for change in changes)  # more of them are as if from the start
    but = f" (but for {counted(others, 'change')} on the way)" if others else ""
    lines = ["", f"to train it again{but}", f"  {safe(_again(store, run), COMMAND)}", "", "hyperparameters"]
    for name, knob in knobs().items():
        value = shown_value(name, getattr(run.config, name))
        many = 2 if run.problem is None else run.problem.classes
        if why := idle_text(name, run.config, classes=many):
            value = f"{value} ({why})"
        lines.append(f"  {knob.label:<18} {value}")
    if changes:
        lines += ["", "changed while it trained"]
        for change in changes:
            lines.append(f"  after epoch {change.epoch:,}: {change.field} {change_text(change, ' -> ')}")
    on = "" if run.config.scaling == "none" else " on scaled features"
    newest, features = at or shown_snapshot(store, run), store.features.get(run.id)
    if newest is not None and run.problem is not None and len(features) == run.problem.features:
        lines += ["", f"weights{on}, epoch {newest.epoch:,}"]
        lines += classes.weight_lines(run.problem, features, newest, glyphs)
        if names := classes.many_classes(run.problem):
            lines += classes.confusion_report(Measurement.from_json(newest.measurement), names, glyphs)
        train = counted(run.problem.train_rows, "training row")
        apart = counted(run.problem.validation_rows, "validation row")
        kept = f", {apart}" if run.problem.validation_rows else ""
        lines += ["", f"{train}, {counted(run.problem.test_rows, 'test row')}{kept}"]
    if at is not None and any(change.epoch >= at.epoch for change in changes):
        lines += ["", "the hyperparameters above are those it stands at now, with what was changed later"]
    epochs, snapshots = store.losses.damaged(run.id), store.history.damaged(run.id)
    if epochs or snapshots:
        losses = f"the losses of {counted(epochs, 'epoch')}"
        lines += ["", f"damaged in the store and left out: {losses}, {counted(snapshots, 'snapshot')}"]
    return "\n".join(lines)


def _again(store: Store, run: Run) -> str:
    """The line that trains it again."""
    gone = "" if run.branch is None else f"run {run.branch.run}, with whose weights it began, is gone"
    return line_of(store, run) or gone
