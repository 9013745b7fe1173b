"""Targets that the loss was not made for: one class only, other numbers than 0 and 1, or many values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lrtui.core.config import Config, changed
from lrtui.core.doctor.cause import Found, ProblemCause, SourceCause, Stage, Target
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.doctor.figures import NAME, finite, short
from lrtui.core.doctor.trials import TrialRunner
from lrtui.datasets.classes import is_binary
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.text import listed, quote, safe

OTHER_SPLITS = 20  # tried for one that holds both classes
CLASSES = 20  # values beyond which a target is a quantity or a name, not a class


def _one_value(target: Target) -> Found | None:
    if len(target.error.counts) > 1:
        return None
    value, rows = next(iter(target.error.counts.items()))
    sentence = (
        f"Every one of the {rows:,} rows has the target {quote(value)}: there is nothing to tell apart. "
        "No setting helps: choose another target, or bring rows of another class."
    )
    return Found(sentence, {"rows": float(rows), "classes": 1.0}, settles=Health.UNLEARNABLE)


def _in_the_training_part(lab: TrialRunner, config: Config) -> Found | None:
    problem = lab.problem(config)
    if problem.y_train.min() != problem.y_train.max():
        return None
    label = problem.class_names[int(problem.y_train[0])]
    sentence = (
        f"Every one of the {len(problem.y_train):,} training rows is {safe(label, NAME)}: "
        "nothing to tell apart."
    )
    evidence = {"training_rows": float(len(problem.y_train))}
    splits = [changed(config, split_seed=seed) for seed in range(OTHER_SPLITS)]
    other = next((split for split in splits if _holds_both(lab.problem(split))), None)
    if other is None:
        advice = " Choose another target, or bring rows of the other class."
        return Found(sentence + advice, evidence, settles=Health.UNLEARNABLE)
    seed = other.split_seed
    sentence += f" The split with seed {seed} holds both classes."
    return Found(sentence, evidence, {"split_seed": seed}, lab.run([other])[0], settles=Health.SICK)


def _holds_both(problem: Problem) -> bool:
    return all(labels.min() != labels.max() for labels in (problem.y_train, problem.y_test))


def _recoded(lab: TrialRunner, _: Config) -> Found | None:
    """Labels of a dataset made by hand; those of a file are always 0 and 1."""
    dataset = lab.dataset
    assert dataset is not None, "a runner for one problem admits nothing"
    values = np.unique(dataset.y)
    if not is_binary(len(dataset.class_names)) or set(values.tolist()) <= {0, 1} or len(values) > 2:
        return None
    low, high = int(values.min()), int(values.max())
    sentence = (
        f"The labels are {low} and {high}, and the loss is made for 0 and 1: with others training looks "
        f"for the wrong answer, or for one that does not exist. With {low} as 0 and {high} as 1 the run "
        "goes through."
    )
    recoded = replace(dataset, y=(dataset.y == high).astype(np.int8))
    return Found(sentence, finite(low=low, high=high), dataset=recoded)


def _one_against_the_rest(target: Target) -> Found | None:
    error, values = target.error, target.values
    if len(values) < 2:
        return None
    evidence = finite(values=len(values), rows=sum(error.counts.values()))
    what = f"The target {quote(error.target)} has {len(values):,} values ({listed(values)})"
    if len(values) > CLASSES:
        sentence = (
            f"{what}: a quantity or a name, where logistic regression tells two classes apart. Cut it "
            "in two, such as above and below its median, and name that column as the target."
        )
        return Found(sentence, evidence, settles=Health.UNLEARNABLE)
    positive = values[0]
    score = target.recoded(positive).before.test_balanced_accuracy or 0.0
    sentence = (
        f"{what}, and the loss is made for two. With {quote(positive)} as 1 and all others as 0 a model "
        f"can be trained; its balanced accuracy is {short(score)} (0.5 is guessing). Choose with "
        "--positive which value is to be 1, or tell all of them apart with --multiclass."
    )
    return Found(sentence, evidence, {"positive": positive})


OTHER_NUMBERS = ProblemCause(
    "target-coding", "Labels that are not 0 and 1", Stage.ADMISSION, rank=10, ask=_recoded
)
MANY_VALUES = SourceCause(
    "target-coding", "A target that is not two classes", Stage.SOURCE, rank=20, ask=_one_against_the_rest
)
ONE_VALUE = SourceCause("one-class", "One class only", Stage.SOURCE, rank=10, ask=_one_value)
ONE_CLASS = ProblemCause("one-class", "One class only", Stage.TARGET, rank=10, ask=_in_the_training_part)
