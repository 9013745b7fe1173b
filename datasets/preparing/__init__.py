"""From a dataset to a problem: split; encode, scale and expand with what the training part teaches."""
