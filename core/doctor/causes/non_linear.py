"""Classes that no line parts: a flexible model does clearly better than any line."""

from __future__ import annotations

from lrtui.core.doctor.case import HARM, Case
from lrtui.core.doctor.cause import Found, RunCause, Stage
from lrtui.core.doctor.causes.separable import separable
from lrtui.core.doctor.choosing import fitted_best
from lrtui.core.doctor.diagnosis import Values
from lrtui.core.doctor.figures import Evidence, counted, finite, short
from lrtui.core.doctor.problem_analysis import same_test_rows
from lrtui.core.doctor.quantities.flexibility import Flexibility, flexibility
from lrtui.core.doctor.quantities.paired import balanced_gain, mean_gain
from lrtui.core.doctor.quantities.products import Products, missing_product
from lrtui.core.doctor.quantities.signal import Z99, answers_beyond_chance
from lrtui.core.doctor.quantities.smoothers import FLEXIBLE
from lrtui.core.doctor.quantities.truth_tables import truth_table
from lrtui.core.doctor.trials import Trial, gained
from lrtui.core.training.measurement import threshold_of
from lrtui.datasets.errors import DatasetError

EASY = 0.05  # nats: where a line loses no more on either part, nothing can be won
RARELY = 0.001  # p of the best of many products, from which on it is no chance
DECAYS = (0.003, 0.01, 0.03, 0.1, 0.3)  # tried with other features, after the run's own
ERRORS = 2.0  # standard errors by which the test rows must gain, in labels or in log-loss
HINT = 1.0  # standard errors of labels that are enough where the log-loss gains beyond its own


def _curved(case: Case) -> Found | None:
    if case.config.features != "linear" or max(case.reference.loss, case.run.measured.test_loss) <= EASY:
        return None
    table = case.analysis.measured(truth_table)
    found = case.analysis.measured(flexibility)
    product = case.analysis.measured(missing_product)
    by_product = product.p <= RARELY
    by_rows = found.suspected and not flexibility(case.analysis.train, permuted=True).suspected
    if not (by_rows or by_product or (table and not separable(case.analysis.train))):
        return None
    kinds = found.order if by_rows and not table else ()
    if by_product:
        kinds = tuple(dict.fromkeys((f"poly{product.degree}", *kinds)))
    best = _expanded(case, kinds or FLEXIBLE, whole=table)
    if best is None and not (by_rows and found.matters):
        return None  # a difference that no setting here makes use of
    sentence, evidence = _told(case, found, product if by_product else None, by_rows=by_rows)
    if best is None:
        return Found(sentence + " No features that were tried make use of it here.", evidence)
    fix = {
        name: getattr(best.config, name)
        for name in ("features", "weight_decay", "lr")
        if getattr(best.config, name) != getattr(case.config, name)
    }
    before, after = case.run.measured, best.measured
    fell = f"the test loss from {short(before.test_loss)} to {short(after.test_loss)}"
    sentence += f" With features = {fix['features']} {gained(case.run, best)}, {fell}."
    return Found(sentence, evidence, fix, best, best.remark)


def _told(
    case: Case, found: Flexibility, product: Products | None, *, by_rows: bool
) -> tuple[str, Evidence]:
    """What is wrong, with the numbers that show it."""
    sentence = f"No {'straight line parts' if case.binary else 'straight lines part'} these classes."
    evidence: Evidence = {}
    if by_rows:
        evidence |= finite(
            linear_log_loss=found.linear_loss,
            flexible_log_loss=found.flexible_loss,
            t=found.t,
            linear_balanced_accuracy=found.linear_accuracy,
            flexible_balanced_accuracy=found.flexible_accuracy,
            t_balanced_accuracy=found.t_accuracy,
            rows=found.rows,
        )
        sentence += (
            f" On rows not seen, a model with straight lines loses {short(found.linear_loss)} a row "
            f"(log-loss) and is right in {found.linear_accuracy:.2f} of each class on average; "
            f"one with curves loses {short(found.flexible_loss)}, and is right in "
            f"{found.flexible_accuracy:.2f}."
        )
    if product is not None:
        names = [case.analysis.problem.feature_names[column] for column in product.columns]
        evidence |= finite(
            p_of_product=product.p, degree=product.degree, products_looked_at=product.counted
        )
        sentence += (
            f" What the labels follow is a product of columns, {' × '.join(names)}: chance alone "
            f"would show one so strong with a probability of {short(product.p)}, among the "
            f"{counted(product.counted, 'product')} looked at."
        )
    if not evidence:
        evidence = finite(rows=case.analysis.train.rows, linear_loss=case.reference.loss)
        sentence += (
            " The rows are a whole table of all combinations, and no weights give every row its own label."
        )
    return sentence, evidence


def _expanded(case: Case, kinds: tuple[str, ...], *, whole: bool) -> Trial | None:
    """Features and a weight decay for them that rows kept aside choose, and the test rows confirm.

    Of a whole table of combinations no row can be kept aside: the first features are taken that learn it.
    """
    asked = [{"features": kind} | _bearable(case, kind) for kind in kinds]
    decays: list[Values] = [{}, *({"weight_decay": decay} for decay in DECAYS)]
    if whole:
        trials = [case.tried(values, len(asked) + 1 - number) for number, values in enumerate(asked)]
        return next((trial for trial in trials if _wins(case, trial)), None)
    if (chosen := fitted_best(case.lab, case.config, [a | d for a in asked for d in decays])) is None:
        return None
    trial = case.tried(chosen, 2)
    return trial if _wins(case, trial) else None


def _wins(case: Case, trial: Trial) -> bool:
    """Whether the test rows confirm it, in labels or in probabilities, and the other takes no harm.

    Labels count where they are right more often than before and than chance, both beyond their error, or
    where the log-loss agrees. One label for all is chance, so any sure gain over it is enough.
    """
    before, after = case.run.measured, trial.measured
    won = after.test_balanced_accuracy - before.test_balanced_accuracy
    fell = before.test_loss - after.test_loss
    view, bent = same_test_rows(case.analysis, case.lab.analysis(trial.config))
    losses = mean_gain(view.losses(case.run.theta), bent.losses(trial.theta))
    threshold = threshold_of(case.config, case.analysis.problem.base_rate)
    labels = balanced_gain(
        view.likelihood.predictions(view.X @ case.run.theta.T, threshold),
        bent.likelihood.predictions(bent.X @ trial.theta.T, threshold),
        view.y,
    )
    two = before.one_label and not after.one_label and labels.t > ERRORS
    sure = labels.t > ERRORS and answers_beyond_chance(after.table, Z99)
    agreed = labels.t > HINT and losses.t > ERRORS
    if two or (won >= HARM and (sure or agreed)):
        return fell >= -case.reference.slack
    return fell >= case.reference.slack and losses.t > ERRORS and won > -HARM / 2


def _bearable(case: Case, kind: str) -> Values:
    """A learning rate that the new features bear, where the run's own is too high for them."""
    try:
        expanded = case.with_changes({"features": kind})
        smoothness, config = expanded.analysis.smoothness, expanded.config
        rate = smoothness.suggested(config)
        return {} if rate is None or smoothness.allows(config, config.lr) else {"lr": rate}
    except DatasetError:
        return {}  # too many features: the trial says so


NON_LINEAR = RunCause("non-linear", "Classes that no line parts", Stage.ANSWERS, rank=30, ask=_curved)
