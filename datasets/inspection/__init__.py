"""Looking at a table before training: its columns, what could be the target, what to beware of."""
