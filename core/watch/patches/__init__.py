"""Patches: the change of a person's source that mends a finding, with the formatting kept.

``patch(finding, sources)`` gives the new text of the files that change, or None where no safe edit
exists; ``unified`` gives the diff of both. One file holds a family of causes. A patch reads the
finding's places and facts, listed here, and finds the rest by following names through the syntax tree
(``flow``): from the loss to the model, its layers and the data.

``sources`` holds the person's own files that take part, by the same paths as in the places: the script,
and the modules of the person's own that it imports.

For each cause its places, then behind ``|`` its facts. What cannot be missing is marked ``!``. A step
by hand is the line that changes the parameter. Of ``compare`` the line counts where the operation
itself stands (``>``, ``==``, ``argmax``, ``round``). Shapes are lists of whole numbers. A cause that is
not listed has no patch.
::

    no-zero-grad              backward! step!
    no-step                   backward! optimizer zero_grad step
    wrong-parameters          optimizer! model forward; layer or parameter: each that is left out
    frozen                    parameter; frozen: where ``requires_grad`` was set, if it was seen
    detached                  cut! loss forward
    shape-broadcast           loss! forward; compare: those that broadcast too | output, target: shapes
    metric-wrong              compare! forward evaluate | kind: ``broadcast``, ``logits`` or
                              ``one-column-argmax``; left, right: shapes (broadcast);
                              scale: ``logits``, ``probabilities`` (argmax)
    one-column-argmax         compare! (the argmax or max) | scale
    one-output-softmax        loss! forward | columns (1 where it is missing), dim
    cross-entropy-one-logit   loss! forward | output, target: shapes; target_dtype: ``int64``
    double-activation         loss! forward
    missing-activation        loss! forward
    relu-before-sigmoid       loss! forward
    no-nonlinearity           loss! forward
    target-coding             loss! | values: the lowest and the highest
    eval-mode                 forward! evaluate
    train-mode                evaluate! forward
    not-shuffled              loader, or forward where batches are cut by hand
    lr-too-high, lr-too-low   optimizer, or step where parameters are changed by hand | lr: the new one
    too-few-epochs            backward! | epochs
    weight-decay-too-strong   optimizer, or decay where the penalty is written by hand | weight_decay
    overfitting               as weight-decay-too-strong, or too-few-epochs with fewer of them
    batch-too-small           loader, or forward where batches are cut by hand | batch_size
    bad-init, dead-relu       init: calls that fill parameters; or parameter
    saturated                 init, parameter, or loss
    unscaled, uncentred, outliers   forward! evaluate
    imbalance                 loss! | pos_weight: a number, or weights: one for each class
    threshold                 compare! | threshold: a probability; scale
"""

from __future__ import annotations

from lrtui.core.watch.patches.diff import unified
from lrtui.core.watch.patches.registry import patch

__all__ = ["patch", "unified"]
