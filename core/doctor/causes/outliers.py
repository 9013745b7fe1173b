"""Cells so far out that they set the scale of their column, and numbers that stand for "missing"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrtui.core.config import Config, changed
from lrtui.core.config.lists import write_number, write_numbers
from lrtui.core.doctor.case import HARM, Case
from lrtui.core.doctor.cause import Found, ProblemCause, RunCause, Stage
from lrtui.core.doctor.choosing import best_of
from lrtui.core.doctor.diagnosis import Values
from lrtui.core.doctor.figures import Evidence, counted, finite, percent, short
from lrtui.core.doctor.quantities.outlying import FarOut, Outliers, like_a_code, outliers
from lrtui.core.doctor.quantities.paired import BEYOND, Answers, Comparison
from lrtui.core.doctor.quantities.smoothers import folds
from lrtui.core.doctor.trials import Trial, TrialRunner, gained
from lrtui.core.doctor.view import views
from lrtui.core.training.measurement import threshold_of
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.text import quote

SHARES = (0.01, 0.02, 0.05, 0.1, 0.2)  # to clip
RULES = 10.0  # times wider: the cells hold 99 % of what the column varies, all others 1 %
COSTLIEST = 100.0  # nats: what BCELoss makes of a row that no probability is left for
NEAR = 0.25  # of the way from the base rate: rows with clipped cells are still hard to learn
ALIKE = 100.0  # times wider: by the column's spread, all other rows lie within a few hundredths


def fixes(case: Case, found: Outliers) -> list[list[Values]]:
    """What may put it right, the mildest first; of several of one kind training rows choose.

    Of shares to clip the two smallest that take all far cells. Where features are not standardized, at last
    the same together with that.
    """
    config = case.config
    enough = [share for share in SHARES if share > config.clip and found.taken_in_by(share)]
    clips: list[Values] = [{"clip": share} for share in enough[:2]]
    codes: list[Values] = []
    if found.codes:
        # A part without the dropped rows is another part, which nothing could be compared with.
        fills = {"missing": "median"} if config.missing in ("error", "drop") else {}
        codes = [{"missing_codes": (*config.missing_codes, *found.codes)} | fills]
    kinds = [codes, clips] if all(map(like_a_code, found.codes)) else [clips, codes]
    if config.scaling != "standard":
        kinds += [[{**values, "scaling": "standard"} for values in kind] for kind in kinds]
    if config.scaling != "robust":
        kinds.insert(2, [{"scaling": "robust"}])
    possible = [
        [values for values in kind if _trainable(case.lab, changed(config, **values))] for kind in kinds
    ]
    return [kind for kind in possible if kind]


def answers(case: Case, trial: Trial) -> Answers:
    """What a trial says of all test rows; as by torch's BCELoss no row costs more than 100 nats."""
    problem = case.lab.problem(trial.config)
    view = views(problem, trial.config)[1]
    with np.errstate(over="ignore", invalid="ignore"):
        losses = np.nan_to_num(view.losses(trial.theta), nan=COSTLIEST, posinf=COSTLIEST)
        threshold = threshold_of(trial.config, problem.base_rate)
        predicted = view.likelihood.predictions(view.X @ trial.theta.T, threshold)
    return Answers(np.minimum(losses, COSTLIEST), predicted)


def won(case: Case, found: Outliers, before: Trial, after: Trial) -> Comparison:
    """What one trial wins over another on the test rows; training rows may back what these leave unsure."""
    rows = np.zeros(len(found.parts[1]), np.bool_)
    for column in found.columns.values():
        rows[column.test] = True
    y = case.lab.problem(after.config).y_test
    gains = Comparison.of(y, answers(case, before), answers(case, after), rows)
    sure = gains.wins_labels(HARM) or gains.loss.t > BEYOND or max(gains.labels.mean, gains.loss.mean) <= 0
    more = None if sure else backing(case, after.config)
    return gains if more is None else gains.backed_by(more)


def backing(case: Case, config: Config) -> Comparison | None:
    """What a config wins on training rows, by the best linear models that have not seen them."""
    now, then = case.analysis, case.lab.analysis(config)
    if now.train.rows != then.train.rows:
        return None
    fold = folds(now.train.X[:, :-1], np.random.default_rng(0))
    first, second = now.reference.held_out(fold), then.reference.held_out(fold)
    if first is None or second is None:
        return None
    y, likelihood, threshold = (
        now.train.y,
        now.train.likelihood,
        threshold_of(config, now.problem.base_rate),
    )
    before, after = (
        Answers(np.minimum(likelihood.losses(z, y), COSTLIEST), likelihood.predictions(z, threshold))
        for z in (first, second)
    )
    return Comparison.of(y, before, after, np.zeros(len(y), np.bool_))


def heals(case: Case, found: Comparison, after: Trial) -> bool:
    """Whether a gain is one of labels or of probabilities, and costs the other nothing that counts."""
    base = case.reference.base_loss
    slack = max(0.1 * (base - after.measured.test_loss), 0.03)
    sensible = after.measured.test_loss <= base  # else something else is wrong with these rows
    better = found.wins_labels(HARM) or (found.wins_probabilities(slack) and sensible)
    return better and found.labels.mean > -HARM and found.loss.mean > -slack


@dataclass(frozen=True)
class Mended:
    """The run with a fix, and what that wins; ``best`` is what could be had with it.

    ``alone``: whether it shows in the run itself, or only once something else is put right too.
    """

    fix: Values
    trial: Trial
    gains: Comparison
    best: Trial
    alone: bool


def _mended(case: Case, found: Outliers) -> Mended | None:
    """The mildest fix with which the run, by the test rows, is healed, and not by another scaling alone.

    A fix must let the training part be learned as far as any of them does. Where none heals the run, one
    with which more could be had: then something else is wrong besides.
    """
    kinds = fixes(case, found)
    best = {id(values): case.with_changes(values).ridge for kind in kinds for values in kind}
    if not any(heals(case, won(case, found, case.run, trial), trial) for trial in best.values()):
        return None  # the run is as good as it could be with any
    lowest = min(trial.loss for trial in best.values())
    near = lowest + max(NEAR * (case.reference.base_loss - lowest), 0.03)
    rivals, scaled = [case.run], changed(case.config, scaling="standard")
    if found.wider < ALIKE and scaled != case.config and _trainable(case.lab, scaled):
        rivals.append(case.tried({"scaling": "standard"}, 4))
    rest = None
    for kind in kinds:
        able = [values for values in kind if best[id(values)].loss <= near]
        if not able:
            continue
        fix = able[0] if len(able) == 1 else best_of(case.lab, case.config, able) or able[0]
        trial, could = case.tried(fix, 3), best[id(fix)]
        gains = [won(case, found, rival, trial) for rival in rivals]
        if all(heals(case, one, trial) for one in gains):
            return Mended(fix, trial, gains[0], could, alone=True)
        more = won(case, found, case.ridge, could)
        if rest is None and heals(case, more, could):
            rest = Mended(fix, trial, more, could, alone=False)
    return rest


def _far_out(case: Case) -> Found | None:
    table, problem, config = case.lab.dataset, case.analysis.problem, case.config
    if table is None:
        return None
    parts = problem.train_rows, problem.test_rows
    found = outliers(table, parts, config.drop_columns, config.missing_codes)
    if found is None or (mended := _mended(case, found)) is None:
        return None
    natural = found.wider < RULES and found.cells[0] > 0
    if natural and not heals(case, won(case, found, case.ridge, mended.best), mended.best):
        return None  # long tails that training stumbles over are a matter of its settings
    before, after = (case.run, mended.trial) if mended.alone else (case.ridge, mended.best)
    evidence = _evidence(found) | finite(
        balanced_accuracy=before.measured.test_balanced_accuracy,
        balanced_accuracy_mended=after.measured.test_balanced_accuracy,
        balanced_accuracy_error=mended.gains.labels.error,
        test_loss=before.measured.test_loss,
        test_loss_mended=after.measured.test_loss,
        test_loss_gained_in_errors=mended.gains.loss.t,
    )
    sentence = f"{_described(found, mended.fix)} {_healed(mended, before, after)}"
    return Found(sentence, evidence, mended.fix, mended.trial, mended.trial.remark)


def _farthest(found: Outliers) -> tuple[int, FarOut, int]:
    """The column with the farthest cell, of training where any is, and its first row with one."""
    train = found.cells[0] > 0
    number, column = max(
        found.columns.items(), key=lambda item: (len(item[1].train) > 0 or not train, item[1].distance)
    )
    rows = found.parts[0][column.train] if train else found.parts[1][column.test]
    return number, column, int(rows.min())


def _evidence(found: Outliers) -> Evidence:
    number, column, row = _farthest(found)
    train, test = found.cells
    return finite(
        cells_far_out=train + test,
        cells_in_training_part=train,
        columns=len(found.columns),
        row=found.table.place(row) + 1,
        value=float(found.table.X[row, number]),
        lower_quartile=column.quartiles[0],
        upper_quartile=column.quartiles[1],
        typical_distances_from_the_middle=column.distance,
        times_wider_with_them=column.wider,
    )


def _described(found: Outliers, fix: Values) -> str:
    """Where the cells are, for a student."""
    number, column, row = _farthest(found)
    train, test = found.cells
    one, name = train + test == 1, quote(found.table.feature_names[number])
    among = " of those with a target" if found.table.unlabelled else ""
    low, high = map(short, column.quartiles)
    said = (
        f"{counted(train + test, 'cell')} in {counted(len(found.columns), 'column')} "
        f"{'lies' if one else 'lie'} far from all others: {short(float(found.table.X[row, number]))} "
        f"stands in row {short(found.table.place(row) + 1)}{among} of {name}, where half of the training "
        f"rows lie between {low} and {high}."
    )
    if "missing_codes" in fix:
        codes, several = " and ".join(map(write_number, found.codes)), len(found.codes) > 1
        comes = "come" if several else "comes"
        return f"{said} So far out {codes} {comes} again and again, as codes for a missing cell do."
    if not train:
        return f"{said} Nothing like that stands in the training part."
    alike = ", and beside that all other rows look alike" if column.wider >= ALIKE else ""
    makes = "It makes" if one else "Such cells make"
    return f"{said} {makes} {name} spread {short(column.wider)} times as much as without{alike}."


def _healed(mended: Mended, before: Trial, after: Trial) -> str:
    """What mends it, and what that wins."""
    fix, ways = mended.fix, list[str]()
    if "missing_codes" in fix:
        ways.append(f"taken as missing (missing_codes = {write_numbers(fix['missing_codes'])})")
    if "clip" in fix:
        ways.append(f"with {clipped(fix['clip'])}")
    if "scaling" in fix:
        ways.append(f"with {fix['scaling']} scaling")
    way = " and ".join(ways)
    first, last = short(before.measured.test_loss), short(after.measured.test_loss)
    wins = f"{gained(before, after)} and the test loss from {first} to {last}."
    if not mended.alone:
        wins = f"better can be had: {wins} But that alone does not heal this run."
    return f"{way[:1].upper()}{way[1:]}, {wins}"


def clipped(share: float) -> str:
    """What the knob does, in words."""
    ends = f"the outermost {percent(share)} of the cells at either end"
    return f"{ends} of each column pulled in to the next ones (clip = {share:g})"


def _past_float32(lab: TrialRunner, config: Config) -> Found | None:
    """Few cells so large that no run can be trained, where the rest of their columns is not."""
    table = lab.dataset
    if table is None or _trainable(lab, config) or config.clip == SHARES[-1]:
        return None
    plain = changed(config, scaling="none")
    try:
        problem = lab.problem(plain)
    except DatasetError:
        return None  # something else is wrong, and said when the run is prepared
    parts = problem.train_rows, problem.test_rows
    found = outliers(table, parts, config.drop_columns, config.missing_codes)
    for share in SHARES if found is not None else ():
        fix: Values = {"clip": share}
        if share > config.clip and _trainable(lab, changed(config, **fix)):
            assert found is not None, "else there are no shares"
            sentence = (
                f"{_described(found, fix)} Training, whose numbers end at 3.4e+38, cannot go through with "
                f"that; with {clipped(share)} it can."
            )
            return Found(sentence, _evidence(found), fix)
    return None


def _trainable(lab: TrialRunner, config: Config) -> bool:
    try:
        problem = lab.problem(config)
    except DatasetError:
        return False
    return bool(np.isfinite(problem.design_train).all() and np.isfinite(problem.design_test).all())


# Asked before all else: what lies far out spoils what the others measure, and is named by proof alone.
OUTLIERS = RunCause(
    "outliers", "Cells that lie far out", Stage.DATA, rank=5, unless=("outliers",), ask=_far_out
)
PAST_FLOAT32 = ProblemCause(
    "outliers", "Cells that lie far out", Stage.ADMISSION, rank=25, ask=_past_float32
)
