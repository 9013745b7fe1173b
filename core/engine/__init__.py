"""The background worker: a process that trains what the store asks for."""

LATER, AT_ONCE, WATCHES = "later", "at-once", "watches"  # when an engine begins what it is started for
