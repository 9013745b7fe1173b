"""What is known of the script while it runs: one object that every hook tells."""

from __future__ import annotations

import os
import threading
import time
import weakref
from typing import Any

import torch

from .channel import Channel
from .places import here
from .tensors import Numbers, bytes_of, described

WHOLE = 4  # first steps that are looked at whole; then those whose number is a power of two
MOST = 20_000  # operations told in all
OFTEN = 60  # operations told of one place within one window
NODES = 20_000  # of a graph that are walked


class Watcher:
    """Numbers, windows and captured tensors.

    A window is a stretch of the script in which every operation is seen: the first steps, some later
    ones, and whenever a model is called from a new place. In between nearly nothing is done.
    """

    def __init__(self, channel: Channel, capture: int) -> None:
        self.channel = channel
        self.numbers = Numbers()
        self.pulse: Any = None
        self.capture_left = capture
        self.open = True
        self.busy = False
        self.steps = 0
        self.due = 1  # the number of the step to look at whole after this one
        self.backwards = 0
        self.stepped = 0  # steps since the last backward
        self.told = 0
        self.window: dict[Any, int] = {}
        self.sites: dict[Any, int] = {}
        self.producers: dict[int, Any] = {}
        self.captured: set[int] = set()
        self.root_calls: dict[int, Any] = {}  # number of an output → (module, inputs, training)
        self.roots: dict[int, Any] = {}
        self.inside: dict[int, bool] = {}  # id of a module → whether it is called by itself
        self.dull: set[int] = set()  # ids of modules that are no model by themselves
        self.optimizers: list[Any] = []
        self.parameters: dict[int, Any] = {}  # number → (tensor, first values or None)
        self.decisions: dict[int, Any] = {}
        self.thread = threading.local()
        self.main = threading.get_ident()
        self.began = time.perf_counter()
        self.mode: Any = None
        self.models: Any = None
        os.register_at_fork(after_in_child=self._forked)

    def _forked(self) -> None:
        """A worker of a loader, say: nothing is told from there, so nothing is looked at."""
        self.busy = True

    def anew(self) -> None:
        """As if nothing had run yet: the next cell of a notebook is a script of its own."""
        self.busy = False
        self.steps = self.backwards = self.stepped = self.told = 0
        self.due = 1
        for known in (self.producers, self.root_calls, self.roots, self.inside, self.parameters):
            known.clear()
        for seen in (self.decisions, self.sites, self.models.sites, self.models.known):
            seen.clear()
        self.captured.clear()
        self.dull.clear()
        self.open = False
        self.opens()

    # --- windows ---

    def opens(self) -> None:
        """Look at everything from here on."""
        if not self.open:
            self.open = True
            self.window.clear()
            self.mode.come()
            self.models.listen()

    def step_done(self) -> None:
        """A step is over: a window opens for the next where that is due, else it shuts."""
        self.steps += 1
        self.stepped += 1
        due = self.steps == self.due
        if due:
            self.due = self.steps + 1 if self.steps < WHOLE else 2 * self.steps
        if due and self.told < MOST // 2:
            self.opens()
        elif self.open:
            self.shut()

    def shut(self) -> None:
        """Look at nothing but calls of models and steps of optimizers."""
        self.open = False
        self.mode.go()
        self.models.rest()
        if self.channel._waiting:
            self.channel.flush()

    @property
    def asleep(self) -> bool:
        """Whether no window is open, and nothing else of the observer's is under way."""
        return not self.open and not self.busy

    def after_backward(self) -> None:
        """Of a script without an optimizer a backward pass is the only sign of a step."""
        if self.backwards > WHOLE:
            self.step_done()

    # --- tensors ---

    def tensor(self, tensor: torch.Tensor, again: bool = False) -> int:
        """The number of a tensor, which is told when it is new."""
        number, new = self.numbers.of(tensor)
        if new or again:
            told = described(tensor)
            self.channel.send("tensor", id=number, **told)
        return number

    def encoded(self, value: Any, depth: int = 0) -> Any:
        """An argument or a result as a frame has it."""
        if isinstance(value, torch.Tensor):
            return {"t": self.tensor(value)}
        if isinstance(value, (list, tuple)) and depth < 3:
            return [self.encoded(entry, depth + 1) for entry in value[:64]]
        if isinstance(value, dict) and depth < 3:
            return {str(key): self.encoded(entry, depth + 1) for key, entry in list(value.items())[:64]}
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        return str(value)[:80]

    def capture(self, tensor: torch.Tensor, use: str, **more: Any) -> None:
        """Send the numbers of a tensor, once."""
        number = self.tensor(tensor)
        if number in self.captured:
            return
        self.captured.add(number)
        found = bytes_of(tensor, min(self.capture_left, 16 << 20))
        if found is None:
            return
        self.capture_left -= len(found[0])
        self.channel.send("values", found[0], id=number, use=use, **found[1], **more)

    def bases(self, tensor: torch.Tensor) -> None:
        """Capture what a tensor was picked from."""
        made = self.producers.get(self.numbers.of(tensor)[0])
        while made is not None and made[0] in PICKS and made[2] and isinstance(made[2][0], torch.Tensor):
            base = made[2][0]
            if base.dim() and base.shape[0] >= tensor.shape[0] and made[0] in PICKING:
                self.capture(base, "base", of=self.numbers.of(tensor)[0])
            tensor = base
            made = self.producers.get(self.numbers.of(base)[0])

    # --- what happens ---

    def backward(self, loss: torch.Tensor, how: str) -> None:
        """Before a backward pass: what it begins at, and which parameters it can reach."""
        self.backwards += 1
        leaves = leaves_of(loss)
        told = []
        for leaf in leaves:
            number = self.parameter(leaf)
            stale = leaf.grad is not None and bool((leaf.grad != 0).any())
            told.append([number, stale, float(leaf.detach().double().sum())])
        data = self.data_of(loss)
        for tensor in data:
            self.capture(tensor, "target")
            self.bases(tensor)
        self.channel.send(
            "backward",
            id=self.tensor(loss, again=True),
            place=here(3),
            how=how,
            leaves=told,
            step=self.steps,
            stepped=self.stepped,
            count=self.backwards,
            targets=[self.numbers.of(tensor)[0] for tensor in data],
        )
        self.stepped = 0

    def parameter(self, leaf: torch.Tensor) -> int:
        """A leaf that gradients go to, kept with its first values."""
        number = self.tensor(leaf)
        if number not in self.parameters:
            small = leaf.numel() * 4 <= 8 << 20
            self.parameters[number] = (leaf, leaf.detach().clone() if small else None, leaf._version)
        return number

    def data_of(self, loss: torch.Tensor) -> list[torch.Tensor]:
        """The tensors without a gradient that go into a loss beside what the model gives."""
        found: dict[int, torch.Tensor] = {}
        waiting: list[torch.Tensor] = [loss]
        seen: set[int] = set()
        while waiting and len(seen) < 500:
            tensor = waiting.pop()
            number = self.numbers.of(tensor)[0]
            if number in seen or number in self.root_calls:
                continue
            seen.add(number)
            made = self.producers.get(number)
            if not tensor.requires_grad and tensor is not loss:
                if tensor.dim():  # of a batch of one row it has one element
                    found[number] = tensor
                continue
            if made is not None:
                waiting += [entry for entry in flat(made[2:]) if isinstance(entry, torch.Tensor)]
        return list(found.values())

    def root(self, module: Any, inputs: Any, keywords: Any, output: Any, training: bool) -> None:
        """A call of a whole model is over."""
        place = here(3)
        self.root_module(module)
        number = self.tensor_of(output)
        given = [entry for entry in flat((inputs, keywords)) if isinstance(entry, torch.Tensor)]
        for tensor in given:
            self.capture(tensor, "input")
            self.bases(tensor)
        if number is not None:
            if len(self.root_calls) > 200:
                self.root_calls.pop(next(iter(self.root_calls)))
            self.root_calls[number] = (module, inputs, keywords, output)
        if number is not None and training and torch.is_tensor(output):
            self.pulse.sample(number, output)
        self.channel.send(
            "root",
            module=self.roots[id(module)][1],
            inputs=[self.numbers.of(entry)[0] for entry in given],
            output=number,
            place=place,
            training=module.training,
            grad=torch.is_grad_enabled(),
            step=self.steps,
        )

    def tensor_of(self, output: Any) -> int | None:
        """The number of the first tensor in what a model gives."""
        for entry in flat((output,)):
            if isinstance(entry, torch.Tensor):
                return self.tensor(entry)
        return None

    def root_module(self, module: Any) -> int:
        """A model, told with its parts when it is new."""
        known = self.roots.get(id(module))
        if known is not None and known[0]() is module:
            number: int = known[1]
            return number
        number = len(self.roots) + 1
        self.roots[id(module)] = (weakref.ref(module), number, module)
        names = {}
        for name, parameter in module.named_parameters():
            names[name] = self.parameter(parameter)
        parts = []
        for name, part in module.named_modules():
            self.inside[id(part)] = part is module
            forward = getattr(type(part).forward, "__code__", None)
            parts.append(
                {
                    "name": name,
                    "class": type(part).__name__,
                    "torch": type(part).__module__.startswith("torch."),
                    "said": str(getattr(part, "extra_repr", str)())[:80],
                    "definition": forward
                    and [
                        os.path.abspath(forward.co_filename),
                        forward.co_firstlineno,
                        forward.co_name,
                    ],
                    "made": MADE.get(part),
                    "training": part.training,
                    "own": [self.numbers.of(p)[0] for p in part.parameters(recurse=False)],
                }
            )
        self.channel.send("model", module=number, names=names, parts=parts)
        return number


PICKING = {"__getitem__", "index_select", "split", "chunk"}
PICKS = PICKING | {"to", "float", "double", "long", "view", "reshape", "unsqueeze", "squeeze", "flatten"}
MADE: Any = weakref.WeakKeyDictionary()  # module → where it was made


def flat(values: Any, depth: int = 0) -> list[Any]:
    """What stands in nested lists, tuples and dictionaries."""
    found: list[Any] = []
    for entry in values.values() if isinstance(values, dict) else values:
        if isinstance(entry, (list, tuple, dict)) and depth < 4:
            found += flat(entry, depth + 1)
        else:
            found.append(entry)
    return found


def leaves_of(loss: torch.Tensor) -> list[torch.Tensor]:
    """The leaves that a backward pass from here gives gradients to."""
    if loss.grad_fn is None:
        return []
    found, seen, waiting = [], {loss.grad_fn}, [loss.grad_fn]
    while waiting and len(seen) < NODES:
        node = waiting.pop()
        leaf = getattr(node, "variable", None)
        if leaf is not None:
            found.append(leaf)
        for following, _ in node.next_functions:
            if following is not None and following not in seen:
                seen.add(following)
                waiting.append(following)
    return found
