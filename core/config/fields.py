"""The config: one immutable pydantic model whose fields carry limits, defaults, help and step rules.

The form, the command line's options, validation, JSON and the store are all made from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from lrtui.core.config.idle import both, either, not_with, only_with
from lrtui.core.config.knob import Knob, SweepRule
from lrtui.core.config.lists import read_numbers, tidy_numbers
from lrtui.core.config.steps import CHOICES, Cycle, Doubling, Emptying, Ladder, Linear, OneTwoFive, OrWord
from lrtui.datasets.column_names import read_names, tidy_names

NO_RATE = not_with("optimizer", "newton")  # which finds its steps itself, from all rows at once
ONE_ORDER = either(NO_RATE, not_with("batch_size", 0))  # with all rows in one update there is none to draw
MAX_SEED = 2**32 - 1  # what NumPy's legacy generator, and so scikit-learn, accepts


def _empty_is_none(value: object) -> object:
    return None if isinstance(value, str) and value.strip() in ("", "empty") else value


def _names(value: object) -> object:
    return read_names(value) if isinstance(value, str) else tidy_names(value)


def _numbers(value: object) -> object:
    return read_numbers(value) if isinstance(value, str) else tidy_numbers(value)


class Config(BaseModel):
    """Every hyperparameter of a run. Immutable; ``changed`` makes the next one."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    lr: Annotated[
        float,
        Field(ge=0, le=1e6),
        Knob(
            "learning rate",
            "Step size: how far each update moves the weights along the gradient.",
            OneTwoFive(1e-12, zero=True),
            live=True,
            steers=True,
            batched=True,
            sweep=SweepRule(from_zero=range(-5, 3)),
            idle=NO_RATE,
        ),
    ] = 0.05
    epochs: Annotated[
        int,
        Field(ge=1, le=10_000_000),
        Knob(
            "epochs",
            "How many times training passes over the training rows.",
            OneTwoFive(1, whole=True),
            live=True,
            sweep=SweepRule(3),
        ),
    ] = 200
    batch_size: Annotated[
        int,
        Field(ge=0, le=100_000_000),
        Knob(
            "batch size",
            "Rows per update; 0 takes all rows at once.",
            Doubling(),
            live=True,
            steers=True,
            sweep=SweepRule(6),
            idle=NO_RATE,
        ),
    ] = 32
    optimizer: Annotated[
        Literal["sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "lbfgs", "newton"],
        Knob(
            "optimizer",
            "Which torch.optim rule turns gradients into updates; newton needs no learning rate.",
            steers=True,
        ),
    ] = "sgd"
    momentum: Annotated[
        float,
        Field(ge=0, le=1),
        Knob(
            "momentum",
            "Share of the last update kept in the next; used by momentum and nesterov alone.",
            Ladder((0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0)),
            live=True,
            steers=True,
            idle=only_with("optimizer", "momentum", "nesterov"),
        ),
    ] = 0.9
    drop_columns: Annotated[
        tuple[str, ...],
        BeforeValidator(_names),
        Knob(
            "dropped columns",
            "Columns to leave out, by name, before anything is learned.",
            Emptying("names of columns", "column"),
            prepares=True,
            sweep=SweepRule(refused="are one list"),
        ),
    ] = ()
    missing_codes: Annotated[
        tuple[float, ...],
        BeforeValidator(_numbers),
        Knob(
            "missing codes",
            "Numbers, such as -999, that stand for an empty cell in the columns of numbers.",
            Emptying("numbers", "number"),
            prepares=True,
            sweep=SweepRule(refused="are one list"),
        ),
    ] = ()
    missing: Annotated[
        Literal["indicator", "median", "drop", "error"],
        Knob(
            "missing",
            "Empty cells: the training part's median, with an indicator or alone; rows dropped; an error.",
            prepares=True,
            sweep=SweepRule(without=("error",)),
        ),
    ] = "indicator"
    scaling: Annotated[
        Literal["none", "standard", "minmax", "robust", "maxabs", "center"],
        Knob(
            "scaling",
            "How features are scaled; learned on the training part alone.",
            prepares=True,
        ),
    ] = "standard"
    features: Annotated[
        Literal["linear", "poly2", "poly3", "rbf"],
        Knob(
            "features",
            "What the model sees: the columns, their products up to degree 2 or 3, or a kernel map (rbf).",
            prepares=True,
        ),
    ] = "linear"
    clip: Annotated[
        float,
        Field(ge=0, le=0.2),
        Knob(
            "clip",
            "Share of the training part's cells that are pulled in to the next one at either end of each "
            "column of numbers; 0 pulls none.",
            OneTwoFive(0.001, zero=True),
            prepares=True,
            sweep=SweepRule(from_zero=range(-3, 0)),
        ),
    ] = 0.0
    init: Annotated[
        Literal["torch", "zeros", "normal", "xavier"],
        Knob(
            "initialization",
            "First weights: torch is nn.Linear's own; zeros is harmless in logistic regression.",
            steers=True,
            batched=True,
        ),
    ] = "torch"
    init_std: Annotated[
        float,
        Field(ge=0, le=1e6),
        Knob(
            "init std",
            "Standard deviation of the first weights when the initialization is normal.",
            OneTwoFive(1e-6, zero=True),
            steers=True,
            batched=True,
            sweep=SweepRule(from_zero=range(-3, 3)),
            idle=only_with("init", "normal"),
        ),
    ] = 0.01
    init_bias: Annotated[
        Literal["log-odds"] | Annotated[float, Field(ge=-1e6, le=1e6)] | None,
        BeforeValidator(_empty_is_none),
        Knob(
            "init bias",
            "First bias: empty = as the initialization says, log-odds of the base rates, or a number.",
            Cycle((None, "log-odds", 0.0)),
            steers=True,
            batched=True,
        ),
    ] = None
    loss: Annotated[
        Literal["bce-logits", "bce"],
        Knob(
            "loss",
            "bce-logits is computed from logits; bce is a sigmoid followed by BCELoss, which saturates, "
            "for two classes alone.",
        ),
    ] = "bce-logits"
    weight_decay: Annotated[
        float,
        Field(ge=0, le=1e6),
        Knob(
            "weight decay",
            "Pull towards zero, on weights and bias alike, as torch.optim does it.",
            OneTwoFive(1e-8, zero=True),
            live=True,
            steers=True,
            batched=True,
            sweep=SweepRule(from_zero=range(-6, 3)),
        ),
    ] = 0.0
    threshold: Annotated[
        Literal["base-rate"] | Annotated[float, Field(ge=0, le=1)],
        Knob(
            "threshold",
            "A row is predicted 1 when p(y = 1) reaches it; base-rate: the training part's share of ones. "
            "Of more than two classes the likeliest is predicted.",
            OrWord(Linear(0.05), 0.5),
            live=True,
            batched=True,
            two_classes=True,
        ),
    ] = 0.5
    class_weight: Annotated[
        Literal["none", "balanced"],
        Knob("class weight", "balanced gives all classes the same total weight in the loss.", weighs=True),
    ] = "none"
    shuffle: Annotated[
        bool, Knob("shuffle", "Draw a new order of the rows for every epoch.", idle=ONE_ORDER)
    ] = True
    seed: Annotated[
        int,
        Field(ge=0, le=MAX_SEED),
        Knob(
            "seed",
            "Seed of the initialization and the shuffling.",
            Linear(1, whole=True),
            steers=True,
            batched=True,
            sweep=SweepRule(10),
            idle=both(not_with("init", "zeros"), either(ONE_ORDER, only_with("shuffle", True))),
        ),
    ] = 0
    test_size: Annotated[
        float,
        Field(ge=0.01, le=0.99),
        Knob("test size", "Share of the rows kept aside for testing.", Linear(0.05), prepares=True),
    ] = 0.2
    split_seed: Annotated[
        int,
        Field(ge=0, le=MAX_SEED),
        Knob(
            "split seed",
            "Seed of the split into training and test part.",
            Linear(1, whole=True),
            prepares=True,
            sweep=SweepRule(10),
        ),
    ] = 42
    patience: Annotated[
        int,
        Field(ge=0, le=10_000_000),
        Knob(
            "patience",
            "Epochs without a lower watched loss until training stops; the best weights are shown. "
            "0 never stops early.",
            OneTwoFive(1, zero=True, whole=True),
            live=True,
            sweep=SweepRule(refused="stops runs by another loss than the one that is compared"),
        ),
    ] = 0
    validation: Annotated[
        float,
        Field(ge=0, le=0.9),
        Knob(
            "validation",
            "Share of the training rows kept apart, whose loss patience watches; 0 keeps none apart: it "
            "watches the test loss, and test scores then flatter.",
            Linear(0.05),
            prepares=True,
            sweep=SweepRule(refused="trains each run on other rows"),
        ),
    ] = 0.0
    device: Annotated[
        Literal["auto", "cpu", "cuda"],
        Knob(
            "device",
            "Where to train; auto takes the CPU, which is faster on small data.",
            sweep=SweepRule(refused="changes no result"),
        ),
    ] = "auto"
    stop_on_divergence: Annotated[
        bool,
        Knob("stop if diverged", "Stop when the training loss becomes infinite or not a number."),
    ] = True


def _find_knob(name: str) -> Knob:
    field = Config.model_fields[name]
    found = next(m for m in field.metadata if isinstance(m, Knob))
    choices = (True, False) if field.annotation is bool else get_args(field.annotation)
    return replace(found, step=Cycle(choices)) if found.step is CHOICES else found


_KNOBS: dict[str, Knob] = {name: _find_knob(name) for name in Config.model_fields}


def knobs() -> dict[str, Knob]:
    """Every hyperparameter's knob by field name, in the order of the form."""
    return _KNOBS


def knob(name: str) -> Knob:
    """The knob of one field; ``KeyError`` where there is no such field."""
    return _KNOBS[name]


def fields_that(holds: Callable[[Knob], bool]) -> tuple[str, ...]:
    """Names of the fields whose knob is of a kind, such as ``fields_that(lambda knob: knob.live)``."""
    return tuple(name for name, found in _KNOBS.items() if holds(found))


def live_fields() -> frozenset[str]:
    """Names of the fields that change in a run that goes on."""
    return frozenset(fields_that(lambda knob: knob.live))


@dataclass(frozen=True)
class Change:
    """A hyperparameter changed while a run went on; takes effect after ``epoch`` epochs."""

    epoch: int
    field: str
    old: Any
    new: Any
