"""Screens that lie over the dashboard for a moment."""
