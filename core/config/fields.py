"""The config: one immutable pydantic model whose fields carry limits, defaults, help and step rules.

The form, the command line's options, validation, JSON and the store are all made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from lrtui.core.config.names import read_names, tidy_names
from lrtui.core.config.steps import Cycle, Doubling, Emptying, Ladder, Linear, OneTwoFive, OrWord, StepRule

Missing = Literal["error", "median", "drop", "indicator"]
Scaling = Literal["none", "standard", "minmax", "robust", "maxabs", "center"]
Features = Literal["linear", "poly2", "poly3", "rbf"]
Init = Literal["torch", "zeros", "normal", "xavier"]
Optimizer = Literal["sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "lbfgs"]
Loss = Literal["bce-logits", "bce"]
ClassWeight = Literal["none", "balanced"]
Device = Literal["auto", "cpu", "cuda"]

# What the rows and features of a problem depend on: configs that agree in these share one.
PREPARED = ("drop_columns", "missing", "scaling", "features", "test_size", "split_seed")
MAX_SEED = 2**32 - 1  # what NumPy's legacy generator, and so scikit-learn, accepts


@dataclass(frozen=True)
class Knob:
    """How a hyperparameter is named, explained and stepped.

    ``live`` fields change in a run that goes on, from its next epoch; the others at the next start.
    """

    label: str
    help: str
    step: StepRule
    live: bool = False


def _empty_is_none(value: object) -> object:
    return None if isinstance(value, str) and value.strip() in ("", "empty") else value


def _names(value: object) -> object:
    return read_names(value) if isinstance(value, str) else tidy_names(value)


def _choices(*values: str) -> Cycle:
    return Cycle(values)


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
        ),
    ] = 0.1
    epochs: Annotated[
        int,
        Field(ge=1, le=10_000_000),
        Knob(
            "epochs",
            "How many times training passes over the training rows.",
            OneTwoFive(1, whole=True),
            live=True,
        ),
    ] = 200
    batch_size: Annotated[
        int,
        Field(ge=0, le=100_000_000),
        Knob("batch size", "Rows per update; 0 takes all rows at once.", Doubling(), live=True),
    ] = 32
    optimizer: Annotated[
        Optimizer,
        Knob(
            "optimizer",
            "Which torch.optim rule turns gradients into updates.",
            _choices("sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "lbfgs"),
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
        ),
    ] = 0.9
    drop_columns: Annotated[
        tuple[str, ...],
        BeforeValidator(_names),
        Knob("dropped columns", "Columns to leave out, by name, before anything is learned.", Emptying()),
    ] = ()
    missing: Annotated[
        Missing,
        Knob(
            "missing",
            "Empty cells: the training part's median, with an indicator or alone; rows dropped; an error.",
            _choices("indicator", "median", "drop", "error"),
        ),
    ] = "indicator"
    scaling: Annotated[
        Scaling,
        Knob(
            "scaling",
            "How features are scaled; learned on the training part alone.",
            _choices("none", "standard", "minmax", "robust", "maxabs", "center"),
        ),
    ] = "standard"
    features: Annotated[
        Features,
        Knob(
            "features",
            "What the model sees: the columns, their products up to degree 2 or 3, or a kernel map (rbf).",
            _choices("linear", "poly2", "poly3", "rbf"),
        ),
    ] = "linear"
    init: Annotated[
        Init,
        Knob(
            "initialization",
            "First weights: torch is nn.Linear's own; zeros is harmless in logistic regression.",
            _choices("torch", "zeros", "normal", "xavier"),
        ),
    ] = "torch"
    init_std: Annotated[
        float,
        Field(ge=0, le=1e6),
        Knob(
            "init std",
            "Standard deviation of the first weights when the initialization is normal.",
            OneTwoFive(1e-6, zero=True),
        ),
    ] = 0.01
    init_bias: Annotated[
        Literal["log-odds"] | Annotated[float, Field(ge=-1e6, le=1e6)] | None,
        BeforeValidator(_empty_is_none),
        Knob(
            "init bias",
            "First bias: empty = as the initialization says, log-odds of the base rates, or a number.",
            Cycle((None, "log-odds", 0.0)),
        ),
    ] = None
    loss: Annotated[
        Loss,
        Knob(
            "loss",
            "bce-logits is computed from logits; bce is a sigmoid followed by BCELoss, which saturates, "
            "for two classes alone.",
            _choices("bce-logits", "bce"),
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
        ),
    ] = 0.5
    class_weight: Annotated[
        ClassWeight,
        Knob(
            "class weight",
            "balanced gives all classes the same total weight in the loss.",
            _choices("none", "balanced"),
        ),
    ] = "none"
    shuffle: Annotated[
        bool,
        Knob("shuffle", "Draw a new order of the rows for every epoch.", Cycle((True, False))),
    ] = True
    seed: Annotated[
        int,
        Field(ge=0, le=MAX_SEED),
        Knob("seed", "Seed of the initialization and the shuffling.", Linear(1, whole=True)),
    ] = 0
    test_size: Annotated[
        float,
        Field(ge=0.01, le=0.99),
        Knob("test size", "Share of the rows kept aside for testing.", Linear(0.05)),
    ] = 0.2
    split_seed: Annotated[
        int,
        Field(ge=0, le=MAX_SEED),
        Knob("split seed", "Seed of the split into training and test part.", Linear(1, whole=True)),
    ] = 42
    device: Annotated[
        Device,
        Knob(
            "device",
            "Where to train; auto takes the CPU, which is faster on small data.",
            _choices("auto", "cpu", "cuda"),
        ),
    ] = "auto"
    stop_on_divergence: Annotated[
        bool,
        Knob(
            "stop if diverged",
            "Stop when the training loss becomes infinite or not a number.",
            Cycle((True, False)),
        ),
    ] = True


def _find_knob(name: str) -> Knob:
    return next(m for m in Config.model_fields[name].metadata if isinstance(m, Knob))


_KNOBS: dict[str, Knob] = {name: _find_knob(name) for name in Config.model_fields}


def knobs() -> dict[str, Knob]:
    """Every hyperparameter's knob by field name, in the order of the form."""
    return _KNOBS


def knob(name: str) -> Knob:
    """The knob of one field; ``KeyError`` where there is no such field."""
    return _KNOBS[name]


def live_fields() -> frozenset[str]:
    """Names of the fields that change in a run that goes on."""
    return frozenset(name for name, found in _KNOBS.items() if found.live)


def limits(name: str) -> tuple[Any, Any] | None:
    """The lowest and highest number of a field that takes numbers, beside words or not; or ``None``."""
    field = Config.model_fields[name]
    nested = [item for part in get_args(field.annotation) for item in getattr(part, "__metadata__", ())]
    low = high = None
    for found in [*field.metadata, *nested]:
        for item in (found, *getattr(found, "metadata", ())):
            low = getattr(item, "ge", low)
            high = getattr(item, "le", high)
    return None if low is None or high is None else (low, high)


def words(name: str) -> tuple[str | None, ...]:
    """The words that a field takes beside numbers; ``None`` stands for nothing at all."""
    parts = get_args(Config.model_fields[name].annotation)
    nothing = (None,) if type(None) in parts else ()
    return (*nothing, *(word for part in parts for word in get_args(part) if isinstance(word, str)))
