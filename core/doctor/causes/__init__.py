"""The catalogue: one cause a file, or a family of causes that share their measurements."""
