"""Training: configuration, model, trainer, metrics, store and engine. Knows no screen."""
