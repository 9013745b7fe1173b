"""The pages of ``lrtui demo``, in their order. A test trains each and holds it against what it says.

In a text ``<run.space>`` stands for the key of an action, and ``<unscaled>`` for the name that the doctor
has for a cause. Every number is one of the page's data or config, a score of its run, or one that the
doctor tells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lrtui.core.doctor.diagnosis import Health


@dataclass(frozen=True)
class Verdict:
    """The doctor has said this of the run that is shown: its verdict, and the causes in their order."""

    health: Health
    causes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Healed:
    """The run of a fix has ended, in which this field is what the doctor proved, and it is better."""

    field: str


@dataclass(frozen=True)
class Read:
    """The doctor's letter was opened."""


@dataclass(frozen=True)
class Step:
    """What to press, what to see then, and how it is known that it was to be seen."""

    press: str
    see: str
    seen: Verdict | Healed | Read


@dataclass(frozen=True)
class Chapter:
    """A page.

    Attributes:
        name: by which it is asked for. about: what there is to know before anything is pressed.
        dataset, values: with what it begins, beside the built-in hyperparameters.
        steps: in their order. lesson: what it means, once all was seen.
        pane: the one to look at, where there is room for one alone.
    """

    name: str
    title: str
    about: str
    dataset: str
    steps: tuple[Step, ...]
    lesson: str
    values: dict[str, Any] = field(default_factory=dict)
    pane: str = "loss"


FIX = "<doctor.fix>"
TWO = "two-gaussians:n=300"  # two clouds of points that a line parts as well as it can


def train(see: str, health: Health, *causes: str) -> Step:
    """Train, and let the doctor look."""
    return Step("<run.space>", see, Verdict(health, causes))


CHAPTERS = (
    Chapter(
        "healthy",
        "A run that is well",
        "569 tumours, 30 measurements of each: benign or not? Some rows are kept aside; what counts is"
        " told of those.",
        "breast-cancer",
        (train("the loss falls, and the doctor finds nothing wrong", Health.HEALTHY),),
        "Accuracy is 0.96 on rows not seen; always giving the commoner answer has 0.63. The doctor"
        " holds every run against the best that a linear model can do: this one is as good.",
    ),
    Chapter(
        "example-scaling",
        "Example: features without scaling",
        "Why does a model give the same answer whatever goes in? Three examples are usual. In this one"
        " a column reaches to 10,000, the other five to 1.",
        "example-scaling",
        (train("one label; <no-signal>", Health.UNLEARNABLE, "no-signal", "unscaled"),),
        "Two things at once: each step is 43,025 times too long for these scales, and the labels are"
        " random. Scaled it trains, and finds nothing. No setting teaches what is not there.",
        {"scaling": "none", "lr": 0.01},
        "predictions",
    ),
    Chapter(
        "example-learning-rate",
        "Example: a learning rate too high",
        "The second is told as a story of a learning rate that is too high. Here it is 10, and it is"
        " too high.",
        "example-learning-rate",
        (train("a loss that jumps; <no-signal>", Health.UNLEARNABLE, "no-signal", "lr-too-high"),),
        "Each step is 8.01 times as long as is safe. But with a safe one there is nothing to learn"
        " either: these labels are random, too. At 1, which the story blames, only that is wrong.",
        {"lr": 10.0},
    ),
    Chapter(
        "example-small-data",
        "Example: too little data",
        "The third has 20 rows, of which 16 are learned from. Their labels are random.",
        "example-small-data",
        (
            train(
                "<too-little-data>: two losses that part",
                Health.UNLEARNABLE,
                "too-little-data",
                "no-signal",
            ),
        ),
        "The rows that were seen are learned to a loss of 0.43; the others cost 1.09, more than the"
        " 0.69 of a coin. Learned by heart is not learned: chance alone looks good on 16 rows.",
    ),
    Chapter(
        "unscaled",
        "Unscaled features",
        "178 wines, 13 measurements, each in a unit of its own: is it the first of three cultivars?"
        " Now there is something to learn.",
        "wine-1",
        (
            train("97 % get one label; <unscaled>", Health.SICK, "unscaled"),
            Step("<doctor.open>", "his letter, with evidence and proof; Esc closes it", Read()),
            Step(FIX, "the same run with scaling, beside the old one", Healed("scaling")),
        ),
        "The widest column varied 2,600 times as much as the narrowest, so no one learning rate suited"
        " them all. Scaled to spread 1, balanced accuracy goes from 0.52 to 0.98.",
        {"scaling": "none"},
        "predictions",
    ),
    Chapter(
        "no-diversity",
        "Data without diversity",
        "200 rows, and they look like data. But they are four rows, over and over, with labels that"
        " differ.",
        "duplicates:n=200,noise=0.5",
        (train("a loss that stays; <no-diversity>", Health.UNLEARNABLE, "no-diversity"),),
        "Of 160 training rows only 4 differ: 98 % repeat another. The doctor trains straight and"
        " curved models, and none does better than chance. No setting helps: collect rows that differ.",
    ),
    Chapter(
        "imbalance",
        "Imbalanced labels",
        "Of 1,000 rows 2 % are positive. Accuracy will be splendid, and the model will never say yes.",
        "imbalanced:n=1000",
        (
            train("accuracy 0.98, one label; <imbalance>", Health.SICK, "imbalance"),
            Step(FIX, "another threshold, the same probabilities", Healed("threshold")),
        ),
        "The model ranks well; so few rows just never reach p = 0.5. With the base rate as threshold"
        " balanced accuracy goes from 0.50 to 0.75, and p stays a probability.",
        pane="predictions",
    ),
    Chapter(
        "bad-init",
        "Bad initialization",
        "Weights that begin far from anything useful. What of beginning at zero, of which one is warned?",
        TWO,
        (
            train("a loss that crawls; <bad-init>", Health.SICK, "bad-init"),
            Step(FIX, "the fix begins at zero", Healed("init")),
        ),
        "Training began at a loss of 105; from zeros it begins at 0.693. Zeros are harmless here: the"
        " loss is convex, and there are no hidden units that would all learn the same.",
        {"init": "normal", "init_std": 300.0, "seed": 1},
    ),
    Chapter(
        "lr-too-high",
        "Learning rate too high",
        "Two clouds of points. Each step goes down the slope, and at 1,000 far beyond the bottom.",
        TWO,
        (
            train("a loss that jumps; <lr-too-high>", Health.SICK, "lr-too-high"),
            Step(FIX, "a rate that the data bears", Healed("lr")),
        ),
        "Each step was 823 times as long as is safe, and the loss rose in 52 % of the epochs. What is"
        " safe follows from the data; <run.sweep> shows it over all rates.",
        {"lr": 1000.0},
    ),
    Chapter(
        "lr-too-low",
        "Learning rate too low",
        "The same points at 0.00001. The loss falls, smoothly: all looks well.",
        TWO,
        (
            train("a loss that hardly falls; <lr-too-low>", Health.SICK, "lr-too-low"),
            Step(FIX, "a rate that arrives", Healed("lr")),
        ),
        "That is arithmetic: all 1,600 updates together move the weights by 0.0277 at most, and the"
        " best ones are 2.06 away. A smooth curve is no proof of learning.",
        {"lr": 1e-5},
    ),
    Chapter(
        "batch-too-small",
        "Batches too small",
        "Each update looks at one row alone, with a learning rate that all rows together would bear.",
        TWO,
        (
            train("a loss that jitters; <batch-too-small>", Health.SICK, "batch-too-small"),
            Step(FIX, "64 rows in each update", Healed("batch_size")),
        ),
        "Single rows disagree, so at this rate each throws the weights about: steps are 3.13 times as"
        " long as such batches bear. With 64 rows in each the same rate is fine.",
        {"batch_size": 1, "lr": 1.0},
    ),
    Chapter(
        "too-few-epochs",
        "Too few epochs",
        "One pass over the data, with small steps. Nothing is wrong but that it is over so soon.",
        TWO,
        (
            train("<too-few-epochs>", Health.SICK, "too-few-epochs"),
            Step(FIX, "the same run, and longer", Healed("epochs")),
        ),
        "By theory 99.0 % of what training can win was left. After 500 epochs balanced accuracy is"
        " 0.87 instead of 0.60. + trains a run that has ended for more epochs, too.",
        {"epochs": 1, "lr": 0.01},
    ),
    Chapter(
        "non-linear",
        "Classes that no line parts",
        "A ring around a ring. Logistic regression draws one straight line.",
        "circles:n=200",
        (
            train("probabilities near a half; <non-linear>", Health.SICK, "non-linear"),
            Step(FIX, "products of the columns as features", Healed("features")),
        ),
        "Training got as far as it can, and any line is as bad. With squares and products of the"
        " columns the boundary is a curve: balanced accuracy goes from 0.53 to 1.00.",
        pane="predictions",
    ),
    Chapter(
        "too-little-data",
        "Too little data",
        "442 people with diabetes: with whom does it get worse than with half of them? Only 22 rows"
        " are learned from, by 11 weights.",
        "diabetes-median",
        (
            train("labels fine; <too-little-data>", Health.IMPROVABLE, "too-little-data"),
            Step(FIX, "weights that are held back", Healed("weight_decay")),
        ),
        "On the rows it has seen balanced accuracy is 0.95. A weight decay of 0.1 takes the test loss"
        " from 0.675 to 0.602; more rows would do more. So much for settings: data comes first.",
        {"test_size": 0.95},
    ),
)
