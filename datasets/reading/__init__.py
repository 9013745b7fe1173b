"""Reading: from the bytes of a file, whatever its format, to the columns that polars holds."""
