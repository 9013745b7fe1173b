"""A test part for which what the training part teaches does not hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from lrtui.core.doctor.case import HARM, Case
from lrtui.core.doctor.cause import Found, RunCause, Stage
from lrtui.core.doctor.diagnosis import Health, Values
from lrtui.core.doctor.figures import Evidence, counted, finite, percent, short
from lrtui.core.doctor.quantities.flexibility import FEW_ROWS
from lrtui.core.doctor.quantities.signal import MANY, Z999
from lrtui.core.doctor.quantities.smoothers import FOLDS, folds
from lrtui.core.doctor.quantities.transfer import Transfer, moved, transfer
from lrtui.core.doctor.trials import Trial, gained
from lrtui.core.doctor.view import View
from lrtui.datasets.array_types import Floats
from lrtui.datasets.text import quote

FEWEST = 10  # test rows, of which fewer may do badly by chance
TAUGHT = 30  # training rows, of which fewer may do well by chance where they were not seen
FAR, SHARE = 0.05, 0.1  # nats that the test part loses more, or this share of what the features are worth
SOME, BEYOND = 2.0, 4.5  # standard errors of it, where a column moved that does harm, and where none did
HARMED = 2.0  # standard errors, row by row, by which the test part loses less without that
CHANCE = 0.001  # that a column is said to have moved and has not, among all of them
LEFT = 0.25  # of the gap: what an explanation may leave
ALL = 0.5  # share of the columns, from which on it is the scale of all that moved
LOOKED_AT = 400_000  # numbers of training rows
NAMED = 3  # columns told by name


@dataclass(frozen=True)
class Why:
    """What explains a gap: the columns of the file that moved, or how the labels differ."""

    columns: tuple[str, ...] = ()
    turned: bool = False
    shares: bool = False
    all: bool = False  # that moved, or nearly: no column is to blame alone


def far(found: Transfer) -> float:
    """The gap, in nats, that is no small matter."""
    shares = np.clip(found.a.mean(axis=0), 1e-9, 1 - 1e-9)
    base = float(-(shares * np.log(shares) + (1 - shares) * np.log(1 - shares)).sum())
    return max(FAR, SHARE * (base - float(found.held_out.mean())))


def why(found: Transfer, origins: NDArray[np.str_]) -> Why | None:
    """What makes the test part lose far more than training rows that were not seen; ``None``: it does not.

    Chance alone may move no column, and a column that moved may do no harm: where both are shown, the gap
    itself need not be as sure as where nothing explains it.
    """
    if len(found.b) < FEWEST or found.gap < far(found) or found.z < SOME:
        return None
    if _turned(found):
        return Why(turned=True)
    sure = found.z >= BEYOND and len(found.A) >= TAUGHT
    if sure and found.told_shares().mean() - found.held_out.mean() <= LEFT * found.gap:
        return Why(shares=True)
    names = list(dict.fromkeys(origins[moved(found.A, found.B, CHANCE)].tolist()))
    if names and (columns := _to_blame(found, origins, names)):
        if len(names) > ALL * len(set(origins.tolist())):
            return Why(tuple(_by_harm(found, origins, names)), all=True)
        return Why(columns)
    return Why() if sure else None


def _turned(found: Transfer) -> bool:
    """Whether the test part ranks the classes the wrong way round, and is fine if its labels are turned."""
    if found.a.shape[1] > 1:
        return False
    _, auc, error = found.aucs()
    other = float(found.losses(b=1 - found.b).mean() - found.held_out.mean())
    return auc + Z999 * error < 0.5 and other <= LEFT * found.gap


def _to_blame(found: Transfer, origins: NDArray[np.str_], names: list[str]) -> tuple[str, ...]:
    """The fewest of the columns that moved without which hardly a gap is left; empty where there are none.

    Either they are put back to where training saw them, or a model does without them.
    """
    names = _by_harm(found, origins, names)
    now, level = found.losses(), float(found.held_out.mean())
    for size in dict.fromkeys((*range(1, min(len(names), 2 * NAMED) + 1), len(names))):
        columns = np.isin(origins, names[:size])
        back, near = found.losses(found.put_back(columns)), LEFT * found.gap
        harm = back.mean() - level <= near and paired(now, back) >= HARMED
        if not harm and not columns.all():
            rest = found.without(columns)
            bar, there = float(rest.held_out.mean()), rest.losses()
            harm = there.mean() - bar <= near and paired(now, there) >= HARMED
            # Or what the columns told in training is lost in the test part: as if they were not there.
            lost = now.mean() - max(bar, there.mean()) <= near
            harm |= lost and paired(rest.held_out, found.held_out) >= HARMED
        if harm:
            return tuple(names[:size])
    return ()


def paired(now: Floats, then: Floats) -> float:
    """By how many standard errors the same rows lose less."""
    gain = now - then
    return float(gain.mean() / max(gain.std(ddof=1) / sqrt(len(gain)), 1e-12))


def _by_harm(found: Transfer, origins: NDArray[np.str_], names: list[str]) -> list[str]:
    """Those first that do the most harm: by what is lost less with a column as training saw it."""

    def loss(name: str) -> float:
        columns = np.isin(origins, [name])
        neutral = np.where(columns, found.A.mean(axis=0), found.B)
        return min(float(found.losses(B).mean()) for B in (found.put_back(columns), neutral))

    return sorted(names, key=loss)


# --- the rule, and what is tried ---


def _elsewhere(case: Case) -> Found | None:
    plain = case if case.config.features == "linear" else case.with_changes({"features": "linear"})
    analysis = plain.analysis
    if analysis.test.rows < FEWEST or analysis.train.X.shape[1] < 2:
        return None
    most = int(np.clip(LOOKED_AT // analysis.train.X.shape[1], FEW_ROWS, MANY))
    kept, tested = _even(analysis.train.rows, most), _even(analysis.test.rows, MANY)
    found = transfer(_of(analysis.train, kept), _of(analysis.test, tested), _folds(plain, kept))
    origins = np.array(analysis.problem.features.origins)
    reason = why(found, origins)
    if reason is None:
        return None
    known, other = found.accuracies()
    auc, test_auc, _ = found.aucs()
    explained, differs = _explained(plain, found, reason)
    evidence = finite(
        held_out_loss=float(found.held_out.mean()), loss_on_test_part=float(found.losses().mean()),
        z=found.z,
        held_out_accuracy=known, test_accuracy=other, held_out_auc=auc, test_auc=test_auc,
        moved_columns=len(reason.columns), **differs,
    )  # fmt: skip
    sentence = (
        "The test part is not like the training part: a simple model loses "
        f"{short(evidence['held_out_loss'])} on training rows that it has not seen, and "
        f"{short(evidence['loss_on_test_part'])} on the test rows ({percent(known)} and {percent(other)} "
        f"right); chance alone hardly makes such a difference. {explained}"
    )
    trial = None if reason.all or not reason.columns else _left_out(case, reason.columns)
    if trial is not None:
        fix: Values = {"drop_columns": trial.config.drop_columns}
        sentence += f" Without {_them(reason.columns)} {gained(case.run, trial)}."
        return Found(sentence, evidence, fix, trial)
    return Found(f"{sentence} {_advice(reason)}", evidence, settles=Health.UNLEARNABLE)


def _even(rows: int, most: int) -> NDArray[np.int64]:
    """Numbers of at most so many rows, evenly spaced."""
    return np.linspace(0, rows - 1, min(rows, most)).astype(np.int64)


def _of(part: View, rows: NDArray[np.int64]) -> View:
    return replace(part, X=part.X[rows], y=part.y[rows], weight=part.weight[rows])


def _folds(case: Case, kept: NDArray[np.int64]) -> NDArray[np.int64]:
    """A fold for each training row that is kept; rows of one group are in one, as they are in one part."""
    analysis, dataset, random = case.analysis, case.lab.dataset, np.random.default_rng(0)
    if dataset is None or dataset.groups is None or dataset.in_test is not None:
        return folds(analysis.train.X[kept, :-1], random)
    rows = analysis.problem.train_rows
    rows = rows[_even(len(rows), analysis.train.rows)][kept]
    _, which = np.unique(dataset.groups[rows], return_inverse=True)
    return random.permutation(np.arange(int(which.max()) + 1) % FOLDS)[which.ravel()]


def _left_out(case: Case, columns: tuple[str, ...]) -> Trial | None:
    """The run without the columns that moved, where its answers on the test part are better."""
    trial = case.tried({"drop_columns": (*case.config.drop_columns, *columns)})
    before, after = case.run.measured, trial.measured
    won = after.test_balanced_accuracy - before.test_balanced_accuracy
    fell = not before.test_loss - after.test_loss < FAR  # also where it was no number
    return trial if fell and won > -HARM else None


def _them(columns: tuple[str, ...]) -> str:
    return "it" if len(columns) == 1 else "them"


def _advice(reason: Why) -> str:
    if reason.turned:
        return "No setting here can mend it: see how the target is coded in the test part."
    if reason.columns:
        return (
            "No setting here can mend it: scale both parts with what the training part taught, in the same "
            "units, or collect them the same way."
        )
    return "No setting here can mend it: train on rows like those that are to be answered."


def _explained(case: Case, found: Transfer, reason: Why) -> tuple[str, Evidence]:
    """What differs, by name and by how much; and the numbers of that."""
    if reason.turned:
        auc, turned = found.aucs()[1], float(found.losses(b=1 - found.b).mean())
        sentence = (
            "Its labels stand the other way round: of two rows, one of each class, the wrong one is put "
            f"higher in {percent(1 - auc)} of all pairs (AUC {auc:.2f}), and if its labels are turned its "
            f"loss is {short(turned)}."
        )
        return sentence, {"test_loss_labels_turned": turned}
    if reason.shares:
        return _shares(case)
    if not reason.columns:
        sentence = "No column explains it alone: the labels go with the columns otherwise than in training."
        return sentence, {}
    how, evidence = _moved(case, reason.columns[0])
    others = " and ".join(quote(name) for name in reason.columns[1:NAMED])
    besides = f" {others} moved too." if others else ""
    if len(reason.columns) > NAMED:
        besides = f" {counted(len(reason.columns), 'column')} moved in all, {others} among them."
    return f"What moved: {quote(reason.columns[0])} {how}.{besides}", evidence


def _shares(case: Case) -> tuple[str, Evidence]:
    analysis = case.analysis
    here, there = (part.counts / part.rows for part in (analysis.train, analysis.test))
    most = int(np.abs(there - here).argmax())
    name = quote(analysis.problem.class_names[most])
    sentence = (
        f"The classes are not equally common in both: {name} is {percent(here[most])} of the training and "
        f"{percent(there[most])} of the test rows."
    )
    return sentence, {"share_in_training": float(here[most]), "share_in_test": float(there[most])}


def _moved(case: Case, name: str) -> tuple[str, Evidence]:
    """What became of a column, in the numbers of the file."""
    dataset, problem = case.lab.dataset, case.analysis.problem
    assert dataset is not None, "a run is diagnosed with its dataset"
    number = next(i for i, kind in enumerate(dataset.kinds) if (kind.origin or kind.name) == name)
    parts = (dataset.X[rows, number] for rows in (problem.train_rows, problem.test_rows))
    here, there = (part[np.isfinite(part)].astype(np.float64) for part in parts)
    if dataset.kinds[number].kind == "category":
        return _levels(here, there, dataset.kinds[number].levels)
    return _numbers(here, there)


def _levels(here: Floats, there: Floats, levels: tuple[str, ...]) -> tuple[str, Evidence]:
    new = ~np.isin(there, here)
    if new.any():
        share = float(new.mean())
        how = f"has values in {percent(share)} of the test rows that no training row has"
        return how, {"share_of_unknown_values": share}
    counts = [
        np.bincount(part.astype(np.int64), minlength=len(levels)) / max(len(part), 1)
        for part in (here, there)
    ]
    most = int(np.abs(counts[1] - counts[0]).argmax())
    first, second = float(counts[0][most]), float(counts[1][most])
    how = (
        f"is {quote((*levels, 'missing')[most])} in {percent(first)} of the training and in "
        f"{percent(second)} of the test rows"
    )
    return how, {"share_in_training": first, "share_in_test": second}


def _numbers(here: Floats, there: Floats) -> tuple[str, Evidence]:
    if not len(there):
        return "is missing in every test row", {}
    spread, other = float(here.std()), float(there.std())
    mean, there_mean = float(here.mean()), float(there.mean())
    means = f"a mean of {short(mean)} in training and {short(there_mean)} in the test part"
    evidence = {"mean_in_training": mean, "mean_in_test": there_mean}
    if other == 0:
        return f"is {short(there_mean)} in every test row (in training {short(mean)} on average)", evidence
    ratio = other / spread if spread > 0 else np.inf
    if ratio > 2 or ratio < 0.5:
        times = max(ratio, 1 / ratio)
        how = f"varies {short(times)} times {'more' if ratio > 1 else 'less'} than in training"
        return f"{how}, with {means}", evidence | finite(times_as_spread=times)
    apart = abs(there_mean - mean) / spread
    side = "higher" if there_mean > mean else "lower"
    how = f"lies {short(apart)} times its usual spread (standard deviation) {side}, with {means}"
    return how, evidence | finite(spreads_apart=apart)


MISMATCH = RunCause(
    "train-test-mismatch", "Training and test part differ", Stage.DATA, rank=20, ask=_elsewhere
)
