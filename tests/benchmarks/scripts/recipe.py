"""``Recipe``: what a training script does, from which ``writing.py`` makes its text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Recipe:
    """A training script. What a fault changes is one of these fields.

    Attributes:
        data: name of the rows in ``data.py``.
        form: of the model: ``functional`` (parameters by hand), ``sequential`` or ``class``.
        layout: ``flat``, ``function`` or ``main`` (with argparse).
        batches: ``full``, ``loader`` (a DataLoader) or ``slices`` (of a permutation).
        style: which names, prints and ways of counting are used.
        data_lines: statements after X and y, before the split.
        split: ``shuffled``, or ``every-third`` (the order of the rows stays as it is).
        split_lines: statements on X_train, y_train, X_test and y_test before they are scaled.
        scaling: ``standard``, ``safe``, ``scaler`` (scikit-learn's), ``train-only`` (a fault) or ``none``.
        hidden: widths of hidden layers. between: what stands between them, ``ReLU``, ``Tanh`` or nothing.
        dropout: share. batch_norm: whether the first hidden layer has one.
        outputs: columns of the model's output.
        ending: what follows the last layer: ``sigmoid``, ``relu``, ``softmax``, ``softmax0``.
        squeeze: whether (n, 1) becomes (n,) in training. squeeze_test: the same in evaluation.
        init: initial values of parameters by hand: ``zeros``, ``small`` or a number, their deviation.
        init_lines: statements after the model is made, before the optimizer.
        late_lines: statements after the optimizer is made.
        loss: see ``losses.py``. target: ``flat``, ``column`` or ``long``.
        optimizer: class and its options besides lr. hand: updates under ``no_grad`` instead.
        output_lines: statements on the output before the loss. loss_lines: on the loss before backward.
        mode: of the model in training: ``train``, ``eval`` or nothing. test_mode: in evaluation.
        activation: applied to the output in evaluation: ``sigmoid``, ``softmax`` or nothing.
        decide: how a label is made of the output, see ``evaluation.py``. truth: what it is compared with.
        measure: ``accuracy`` or ``balanced``. test_batches: size of batches in evaluation; 0 is all rows.
        test_loss: whether the loss on test rows is told.
    """

    data: str = "clouds"
    form: str = "sequential"
    layout: str = "flat"
    batches: str = "full"
    style: int = 0
    seed: int = 0
    data_lines: tuple[str, ...] = ()
    split: str = "shuffled"
    split_lines: tuple[str, ...] = ()
    scaling: str = "standard"
    hidden: tuple[int, ...] = ()
    between: str = "ReLU"
    dropout: float = 0.0
    batch_norm: bool = False
    outputs: int = 1
    ending: tuple[str, ...] = ()
    squeeze: bool = True
    squeeze_test: bool = True
    init: str = "small"
    init_lines: tuple[str, ...] = ()
    late_lines: tuple[str, ...] = ()
    gradients: tuple[str, ...] = ()  # parameters by hand that lack requires_grad
    optimized: tuple[str, ...] = ()  # parameters by hand that the optimizer gets; all where it is empty
    plain_list: bool = False  # hidden layers in a list instead of nn.ModuleList
    loss: str = "bce-logits"
    loss_options: str = ""
    target: str = "flat"
    optimizer: str = "SGD"
    options: str = ""
    hand: bool = False
    lr: float = 0.1
    epochs: int = 30
    batch_size: int = 32
    shuffle: bool = True
    zero_grad: bool = True
    step: bool = True
    output_lines: tuple[str, ...] = ()
    loss_lines: tuple[str, ...] = ()
    mode: str = ""
    test_mode: str = ""
    activation: str = ""
    decide: str = "sign"
    truth: str = "{y}"
    measure: str = "accuracy"
    test_batches: int = 0
    test_loss: bool = True

    def having(self, **values: Any) -> Recipe:
        """The same with other fields."""
        return replace(self, **values)
