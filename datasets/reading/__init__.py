"""Reading: from the bytes of a file, whatever its format, to the columns that polars holds.

``where`` is the file everywhere as an error names it, quoted and safe.
"""
