"""The model, its closed-form gradient, the optimizers, the metrics and the trainer."""
