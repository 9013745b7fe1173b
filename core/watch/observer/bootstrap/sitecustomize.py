"""Python imports this at its start, before the person's script: it sets the observer up and hides the way.

The folder stands first in ``PYTHONPATH`` for one start alone. What the script sees of it is put back, and
the environment's own ``sitecustomize`` is run.
"""

import contextlib
import importlib.util
import os
import sys


def _forget_the_way() -> str:
    """Take this folder off the path and the variable; gives the folder of the observer."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [place for place in sys.path if os.path.abspath(place or ".") != here]
    sys.path_importer_cache.pop(here, None)
    given = os.environ.pop("LRTUI_WATCH_PYTHONPATH", "")
    if given:
        os.environ["PYTHONPATH"] = given
    else:
        os.environ.pop("PYTHONPATH", None)
    return os.path.dirname(here)


def _run_the_environments_own() -> None:
    this = sys.modules.pop("sitecustomize")
    with contextlib.suppress(ImportError):
        import sitecustomize  # type: ignore[import-not-found, unused-ignore]  # noqa: F401
    sys.modules.setdefault("sitecustomize", this)  # Python looks for what it has imported


def _observe(folder: str) -> None:
    asked = os.environ.pop("LRTUI_WATCH", "")
    if not asked:
        return
    spec = importlib.util.spec_from_file_location(
        "_lrtui_observer", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules["_lrtui_observer"] = package
    spec.loader.exec_module(package)
    if asked.startswith("serve "):
        _serve(int(asked.split()[1]))
    from _lrtui_observer.start import start  # type: ignore[import-not-found, unused-ignore]

    start(asked)


def _serve(descriptor: int) -> None:
    """Be forked for runs instead of running anything."""
    import socket

    from _lrtui_observer.forks import serve  # type: ignore[import-not-found, unused-ignore]

    serve(socket.socket(fileno=descriptor))
    os._exit(0)


_folder = _forget_the_way()
_run_the_environments_own()
_observe(_folder)
