"""``lrtui serve`` in a real browser: ``python -m tests.browser``, with Chromium or Chrome installed."""
