"""Patches, one file for each family of causes: a file's ``PATCHES`` says which ids it mends."""
