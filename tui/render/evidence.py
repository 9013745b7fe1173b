"""What the doctor measured, in words: one label for each quantity. JSON keeps the short names."""

from __future__ import annotations

from lrtui.core.doctor.figures import short
from lrtui.tui.render.numbers import share

LABELS = {
    "of_rows": "of rows in all",
    "of_columns": "of columns in all",
    "in_worst_column": "such cells in the column that has most",
    "first_row": "first row of these",
    # Steps
    "lr": "learning rate",
    "safe_rate": "learning rate that is safe",
    "stable_below": "with all rows in each update, stable below a learning rate of",
    "step_over_safe": "step length against the longest safe one",
    "lr_times_L": "learning rate times steepness, over all rows (lr·L)",
    "lr_times_L_b": "learning rate times steepness, over its batches (lr·L_b)",
    "share_of_epochs_with_rising_loss": "epochs in which the training loss rose",
    "reach": "farthest that all updates can move the weights",
    "distance": "distance from the first weights to the best",
    "way_left": "of what training can win, left at the end (by theory)",
    "epochs_needed": "epochs that the whole way would take at this learning rate",
    # Start, decay, order
    "stuck_at_start": "wrong rows with (nearly) no pull, at the start",
    "stuck_share": "wrong rows with (nearly) no pull, at the end",
    "first_loss": "loss of the first weights",
    "loss_from_zeros": "loss of all-zero weights",
    "loss_at_end": "loss of the last weights",
    "distance_to_best": "how far the first weights lie from the best",
    "weight_decay": "weight decay",
    "size_of_weights": "length of the weights",
    "size_of_best": "length of the best weights",
    "runs_of_labels": "stretches of equal labels",
    "expected_runs": "stretches that a random order has",
    "z": "difference, in its usual deviation by chance (z)",
    # Scale
    "condition_number": "steepest direction of the loss against the flattest (condition number)",
    "condition_standardized": "the same with standardized columns",
    "largest_std": "spread of the widest column (standard deviation)",
    "largest_std_over_smallest": "widest column against the narrowest",
    "constant_columns_size": "size of columns that always hold one number",
    "lr_over_stable": "learning rate against the largest stable one",
    "lr_for_this_scale": "learning rate that these scales bear",
    "mean_over_std": "farthest column from zero, in its own spread",
    "largest": "largest number in the table",
    # Data
    "rows": "rows that were looked at",
    "columns": "columns concerned",
    "classes": "classes",
    "values": "different values of the target",
    "low": "lower label",
    "high": "higher label",
    "training_rows": "training rows",
    "cells": "cells without a finite number",
    "infinite": "of these, infinite ones",
    "distinct_rows": "rows that differ",
    "repeated_share": "rows that repeat another",
    "largest_spread": "farthest that two values of a column lie apart",
    "constant_columns": "columns with one value alone",
    "cells_in_training_part": "of these, in the training part",
    "row": "row of the farthest cell",
    "value": "value of the farthest cell",
    "lower_quartile": "a quarter of its training rows lie below (lower quartile)",
    "upper_quartile": "a quarter lie above (upper quartile)",
    "typical_distances_from_the_middle": "its distance from the middle value, in typical distances",
    "times_wider_with_them": "spread of its column with such cells, against that without",
    "cells_far_out": "cells that lie far out",
    "majority_share": "test rows that get the commonest label",
    "moved_columns": "columns that moved",
    "loss_on_test_part": "loss of a simple model on the test part",
    "mean_in_training": "mean of the first of them in training",
    "mean_in_test": "its mean in the test part",
    "spreads_apart": "the difference, in its usual spreads (standard deviations)",
    "times_as_spread": "times as much, or as little, as it varies in training",
    "share_in_training": "share of that value or class in training",
    "share_in_test": "its share in the test part",
    "share_of_unknown_values": "test rows with a value that no training row has",
    "test_loss_labels_turned": "test loss if the labels are turned",
    "auc": "how well rows are put in order, 0.5 is chance and 1 the best (AUC)",
    "rest_auc": "the same by all other columns together",
    "auc_error": "its usual error by chance",
    "held_out_auc": "the same on training rows kept aside",
    "test_auc": "the same on test rows",
    "auc_low": "the same, lowest that is likely (99 %)",
    "auc_high": "the same, highest that is likely (99 %)",
    "auc_by_chance": "the same, reached by chance on so few rows",
    "p": "shuffled labels that do as well (p)",
    "p_linear": "chance of so good a straight model if nothing is there (p)",
    "p_of_product": "chance of so good a product of columns if nothing is there (p)",
    "products_looked_at": "products of columns that were looked at",
    "degree": "columns in the product",
    # Answers
    "base_rate": "share of ones (base rate)",
    "share_of_rarest": "share of the rarest class",
    "share_called_rarer": "test rows that are given the rarer class",
    "share_of_commonest": "share of the commonest class",
    "gain": "balanced accuracy won by the other threshold, on training rows too",
    "gain_error": "the usual error of that gain",
    "held_out_accuracy": "accuracy on training rows kept aside",
    "test_accuracy": "accuracy on test rows",
    "accuracy": "accuracy",
    "accuracy_with_class_weights": "accuracy with class weights",
    "balanced_accuracy": "balanced accuracy",
    "balanced_accuracy_mended": "balanced accuracy with the cells mended",
    "balanced_accuracy_error": "the usual error of that difference",
    "balanced_accuracy_at_half": "balanced accuracy, threshold at 0.5",
    "balanced_accuracy_at_base_rate": "balanced accuracy, threshold at the share of ones",
    "balanced_accuracy_with_class_weights": "balanced accuracy with class weights",
    "train_balanced_accuracy": "balanced accuracy on rows it was trained on",
    "cross_validated_balanced_accuracy": "balanced accuracy on rows kept aside (cross-validation)",
    "rows_per_parameter": "training rows for each weight",
    "rows_of_rarer_class": "training rows of the rarer class",
    "rows_needed": "rows needed",
    "shrinkage": "share of what was learned that holds for other rows (shrinkage)",
    "train_loss": "loss on training rows",
    "test_loss": "loss on test rows",
    "train_loss_of_reference": "loss of the model held back, on training rows",
    "test_loss_of_reference": "loss of the model held back, on test rows",
    "test_loss_mended": "loss on test rows with the cells mended",
    "test_loss_gained_in_errors": "what that wins, in its usual error",
    "held_out_loss": "mean loss on training rows kept aside",
    "linear_loss": "loss of the best straight model",
    "loss_seen": "loss on rows it was trained on",
    "loss_not_seen": "loss on rows kept aside",
    "linear_log_loss": "loss of a straight model, on rows kept aside",
    "flexible_log_loss": "loss of a model that follows curves, on rows kept aside",
    "linear_balanced_accuracy": "balanced accuracy of the straight model",
    "flexible_balanced_accuracy": "balanced accuracy of the one that follows curves",
    "t": "their difference in losses, in its usual error (t)",
    "t_balanced_accuracy": "their difference in balanced accuracy, in its usual error (t)",
    "train_accuracy": "training rows that are answered rightly",
}
"""By the name in the evidence of a finding; ``tests/tui/test_evidence.py`` asks that none is missing."""

SHARES = {
    "share_of_epochs_with_rising_loss", "way_left", "stuck_at_start", "stuck_share", "repeated_share", "p",
    "p_linear", "p_of_product", "base_rate", "share_of_rarest", "share_called_rarer",
    "share_of_commonest", "shrinkage", "train_accuracy",
}  # fmt: skip


def label_of(name: str) -> str:
    """What a quantity is."""
    if name.startswith("tried_"):
        return f"tried: {label_of(name.removeprefix('tried_'))}"
    return LABELS.get(name, name.replace("_", " "))


def value_of(name: str, value: float) -> str:
    """Its number, as in the doctor's sentences; a share in percent."""
    return share(value) if name in SHARES else short(value)
