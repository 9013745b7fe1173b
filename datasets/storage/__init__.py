"""Data on disk: a cache of entries that are whole or not there, and arrays that lie in its files."""
