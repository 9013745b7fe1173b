"""From what was read to a dataset: in memory from a table, on disk from a file that passes by once."""
