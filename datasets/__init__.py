"""Data: the catalogue, files, splitting and scaling. No torch, nothing else of lrtui."""
