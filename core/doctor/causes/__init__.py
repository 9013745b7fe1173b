"""The catalogue of causes, each one entry."""
