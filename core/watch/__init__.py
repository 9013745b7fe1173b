"""``lrtui watch``: a script of one's own, observed, diagnosed, and healed by a patch."""
