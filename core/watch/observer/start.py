"""Begin to observe: once torch is imported, and until the script's end."""

from __future__ import annotations

import atexit
import functools
import importlib.abc
import importlib.util
import json
import os
import sys
import threading
import warnings
from types import TracebackType
from typing import Any

from .channel import Channel
from .places import HERE, is_own
from .writing import Written

_state: dict[str, Any] = {}


def start(asked: str) -> None:
    """Set up what must stand before the script begins."""
    settings = json.loads(asked)
    channel = Channel(int(settings["descriptor"]))
    _state.update(channel=channel, settings=settings, written=Written())
    channel.send("start", version=list(sys.version_info[:3]), executable=sys.executable)
    channel.flush()
    sys.meta_path.insert(0, Finder({"torch": torch_came, "torch.utils.data.dataloader": _loader_came}))
    _place_warnings()
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    atexit.register(_over)


def begin(channel: Any, capture: int) -> Any:
    """Observe what runs in this very process, such as the cells of a notebook; gives the watcher."""
    import torch

    _state.update(channel=channel, settings={"capture": capture})
    _place_warnings()
    torch_came(torch)
    return _state.get("watcher")


class Finder(importlib.abc.MetaPathFinder):
    """Finds nothing by itself; calls a function after certain modules were imported."""

    def __init__(self, wanted: dict[str, Any]) -> None:
        self.wanted = wanted

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The spec as others find it, its loader followed by the function."""
        came = self.wanted.pop(name, None)
        if came is None:
            return None
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return None
        original = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            spec.loader.__dict__.pop("exec_module", None)
            original(module)
            if not self.wanted and self in sys.meta_path:
                sys.meta_path.remove(self)
            came(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def torch_came(torch: Any) -> None:
    """Torch was imported: hook into it, where it is new enough."""
    channel: Channel = _state["channel"]
    version = tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2] if part.isdigit())
    channel.send("torch", version=torch.__version__, old=version < (2, 1))
    channel.flush()
    if version < (2, 1):
        return
    from .compiler import import_later
    from .hooks import ModelHooks, StepHooks
    from .making import watch_construction, watch_loaders
    from .passes import watch_passes
    from .tracing import Tracer
    from .watcher import Watcher

    watcher = Watcher(channel, int(_state["settings"].get("capture", 64 << 20)))
    watcher.mode = Tracer(watcher)
    ModelHooks(watcher)
    StepHooks(watcher)
    watch_passes(watcher)
    watch_construction(watcher)
    _without_compiler(torch, channel)
    watcher.pulse = _pulse_of(watcher)
    if "written" in _state:  # a script, in a process of its own
        _state["written"].watch_save(torch)
        import_later(torch)
    loaders = sys.modules.get("torch.utils.data.dataloader")
    if loaders is not None:
        watch_loaders(watcher, loaders)
        watcher.pulse.count_passes(loaders)
    _state["watcher"] = watcher
    if _state["settings"].get("seed"):
        _seed_otherwise(torch, int(_state["settings"]["seed"]))
    watcher.mode.come()


def _seed_otherwise(torch: Any, by: int) -> None:
    """Other random numbers of torch's than those that the script asks for; the same for the same ``by``."""
    original = torch.manual_seed

    def manual_seed(seed: Any) -> Any:
        return original(int(seed) + 7919 * by)

    torch.manual_seed = manual_seed


def _loader_came(module: Any) -> None:
    watcher = _state.get("watcher")
    if watcher is not None:  # else torch itself is still on its way, and looks for it afterwards
        from .making import watch_loaders

        watch_loaders(watcher, module)
        watcher.pulse.count_passes(module)


def _pulse_of(watcher: Any) -> Any:
    """What tells the losses."""
    from .pulse import Pulse

    return Pulse(watcher)


def _without_compiler(torch: Any, channel: Channel) -> None:
    """``torch.compile`` gives back what it gets, and that is told."""

    def compile(model: Any = None, **_: Any) -> Any:
        channel.send("compile")
        return model if model is not None else (lambda function: function)

    torch.compile = compile
    torch.nn.Module.compile = lambda self, *_, **__: channel.send("compile")


def _stripped(error: BaseException | None, seen: set[int] | None = None) -> None:
    """Take the observer's frames out of a traceback, and those of torch that led to them."""
    seen = set() if seen is None else seen
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    entries: list[TracebackType] = []
    entry: TracebackType | None = error.__traceback__
    while entry is not None:
        file = entry.tb_frame.f_code.co_filename
        if file.startswith(HERE):
            while entries and entries[-1].tb_frame.f_code.co_filename.endswith("torch/overrides.py"):
                entries.pop()
                if entries and not is_own(entries[-1].tb_frame.f_code.co_filename):
                    entries.pop()
        else:
            entries.append(entry)
        entry = entry.tb_next
    for one, following in zip(entries, [*entries[1:], None]):  # noqa: B905 - Python 3.9 knows no strict
        one.tb_next = following
    error.__traceback__ = entries[0] if entries else None
    _stripped(error.__cause__, seen)
    _stripped(error.__context__, seen)


def _place_warnings() -> None:
    if getattr(warnings.showwarning, "func", None) is not _show_warning:  # else it is done
        warnings.showwarning = functools.partial(_show_warning, warnings.showwarning)


def _show_warning(show: Any, message: Any, category: Any, filename: str, lineno: int, *more: Any) -> None:
    """A warning where it would stand without the observer."""
    if filename.startswith(HERE):
        frame: Any = sys._getframe(1)
        while frame is not None and not frame.f_code.co_filename.startswith(HERE):
            frame = frame.f_back
        while frame is not None and (
            frame.f_code.co_filename.startswith(HERE)
            or frame.f_code.co_filename.endswith("torch/overrides.py")
        ):
            frame = frame.f_back
        caller = (
            frame and frame.f_back
        )  # the function that warns was called twice: once through the observer
        if caller is not None:
            globals_, own = caller.f_globals, sys.modules[f"{__package__}.tracing"].__dict__
            own.pop("__warningregistry__", None)  # or a second place with the same words would say nothing
            registry = globals_.setdefault("__warningregistry__", {})
            name, line = caller.f_code.co_filename, caller.f_lineno
            warnings.warn_explicit(message, category, name, line, globals_["__name__"], registry)
            return
    show(message, category, filename, lineno, *more)


def _told(kind: Any, error: Any, thread: bool) -> None:
    channel: Channel = _state["channel"]
    place = None
    entry = error.__traceback__ if error is not None else None
    while entry is not None:
        if is_own(entry.tb_frame.f_code.co_filename):
            code = entry.tb_frame.f_code
            place = [os.path.abspath(code.co_filename), entry.tb_lineno, code.co_name]
        entry = entry.tb_next
    fields: dict[str, Any] = (
        {"file": error.filename, "line": error.lineno} if isinstance(error, SyntaxError) else {}
    )
    channel.send(
        "exception", type=kind.__name__, text=str(error)[:500], place=place, thread=thread, **fields
    )


def _uncaught(kind: Any, error: Any, trace: Any) -> None:
    try:
        _stripped(error)
        _told(kind, error, False)
    finally:
        sys.__excepthook__(kind, error, error.__traceback__)


def _uncaught_in_thread(args: Any) -> None:
    try:
        _stripped(args.exc_value)
        _told(args.exc_type, args.exc_value, True)
        changed = type(args)((args.exc_type, args.exc_value, args.exc_value.__traceback__, args.thread))
    except Exception:  # noqa: BLE001 - the person's own words are worth more
        changed = args
    threading.__excepthook__(changed)


def _over() -> None:
    channel: Channel = _state["channel"]
    watcher = _state.get("watcher")
    if not channel.here:
        return
    if watcher is not None:
        from .ending import tell_end

        tell_end(watcher)
    if _state["written"].paths:
        channel.send("wrote", paths=list(_state["written"].paths))
    channel.send("bye")
    channel.flush()
