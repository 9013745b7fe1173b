"""Sweeps: the same problem under many configs. What the dashboard imports of it knows no torch."""
