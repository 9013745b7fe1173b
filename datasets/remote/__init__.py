"""Data elsewhere: asked whether it changed, brought by polars into the cache, read there as any file."""
