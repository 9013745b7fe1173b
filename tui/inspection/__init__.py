"""A table before it is trained on: what a person chooses of it, and how it is shown."""
