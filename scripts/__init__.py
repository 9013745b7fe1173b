"""Makes what the docs show."""
