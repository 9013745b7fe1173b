"""Data that is too large to be held in memory: streamed once into a cache on disk, and used from there."""
