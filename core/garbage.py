"""When garbage is collected: not while a process imports, for what is imported stays.

Imports make a few hundred thousand objects and hardly any garbage. Python looks through all of them again
and again meanwhile, and once more when the process ends: a quarter of what ``import torch`` takes.
"""

from __future__ import annotations

import gc


def collect_later() -> None:
    """Collect no garbage until everything is imported."""
    gc.disable()


def collect_again() -> None:
    """Collect from here on, and never look at what is there by now; nothing where collecting goes on."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
