"""The plots: data in, finished lines out, and the widget that shows them."""
