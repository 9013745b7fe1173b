"""Whether lrtui can work on this machine: what is looked at, each by itself, and nothing changed by it."""
