"""One view a file, found by itself: ``catalogue.py``; its name is that of the file."""
