"""What runs inside the person's Python: standard library and torch alone, and nothing else of lrtui.

It is loaded under a name of its own by ``bootstrap/sitecustomize.py``, before the person's script begins.
"""
