"""How each format is written; the entries of ``core/export/formats`` say which one does it."""
