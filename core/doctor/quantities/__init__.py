"""Measured quantities, a file each: pure functions of arrays, and no opinion about them."""
