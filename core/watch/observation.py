"""``Observation``: what was seen of one run of a script, put in order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf, nan
from typing import Any

import numpy.typing as npt

from lrtui.core.watch.finding import Place

Frame = Mapping[str, Any]
Array = npt.NDArray[Any]
WORDS = {"nan": nan, "inf": inf, "-inf": -inf}
LOOP = 3  # times that a step is taken in one place


def numeric(value: Any) -> float:
    """A number of a frame, where those that are not finite are words."""
    return WORDS[value] if isinstance(value, str) else float(value)


def place_of(told: Sequence[Any] | None) -> Place | None:
    """A place as a frame has it."""
    return None if not told else Place(str(told[0]), int(told[1]), str(told[2]))


@dataclass(frozen=True)
class Op:
    """An operation on tensors: by their numbers, in and out."""

    index: int
    name: str
    given: tuple[int, ...]
    out: tuple[int, ...]
    frame: Frame

    @property
    def place(self) -> Place | None:
        """Where the person has it done."""
        return place_of(self.frame["place"])

    @property
    def within(self) -> list[Any]:
        """The modules that it is done in, outermost first."""
        return list(self.frame["within"])

    def value(self, position: int, keyword: str) -> Any:
        """An argument, by position or by name."""
        args = self.frame["args"]
        return args[position] if len(args) > position else self.frame["kwargs"].get(keyword)


@dataclass(eq=False)
class Observation:
    """Frames by their kinds, in their order; tensors by their numbers.

    Attributes:
        code: the exit code, negative for a signal. stopped: why it was ended from here, if it was.
        seconds: that the script took.
    """

    frames: list[Frame] = field(default_factory=list)
    arrays: dict[tuple[int, str], Array] = field(default_factory=dict)
    code: int | None = None
    stopped: str = ""
    seconds: float = 0.0

    @cached_property
    def by_kind(self) -> Mapping[str, list[Frame]]:
        """All frames of a kind."""
        found: dict[str, list[Frame]] = defaultdict(list)
        for index, frame in enumerate(self.frames):
            found[frame["kind"]].append({**frame, "index": index})
        return found

    def first(self, kind: str) -> Frame | None:
        """The first frame of a kind."""
        found = self.by_kind.get(kind, [])
        return found[0] if found else None

    @cached_property
    def without_backward(self) -> bool:
        """Whether tensors are moved on and on by steps that torch gives no gradient for: by formulas."""
        if self.by_kind.get("backward") or self.by_kind.get("step"):
            return False
        steps: Counter[tuple[Place | None, str]] = Counter()
        for op in self.ops:
            if op.given and op.name.startswith(("add", "sub")) and op.out and self.shape(op.out[0]):
                made = self.makers.get(op.given[0])
                on = made is not None and (made.place, made.name) == (op.place, op.name)
                steps[op.place, op.name] += on or op.out[0] == op.given[0]
        return max(steps.values(), default=0) >= LOOP

    @cached_property
    def optimizers(self) -> list[Frame]:
        """Those that were made, the one that takes the most steps first."""
        steps = Counter(frame["optimizer"] for frame in self.by_kind.get("step", []))
        return sorted(self.by_kind.get("optimizer", []), key=lambda made: -steps[made["id"]])

    @property
    def written(self) -> list[str]:
        """Files outside of its folder that the script wrote."""
        frame = self.first("wrote")
        return [] if frame is None else [str(path) for path in frame["paths"]]

    @cached_property
    def tensors(self) -> Mapping[int, Frame]:
        """What each tensor was when it was first seen."""
        found: dict[int, Frame] = {}
        for frame in self.by_kind.get("tensor", []):
            found.setdefault(frame["id"], frame)
        return found

    @cached_property
    def ops(self) -> list[Op]:
        """Every operation that was told."""
        return [
            Op(
                frame["index"],
                frame["name"],
                tuple(_tensors([frame["args"], frame["kwargs"]])),
                tuple(frame["out"]),
                frame,
            )
            for frame in self.by_kind.get("op", [])
        ]

    @cached_property
    def makers(self) -> Mapping[int, Op]:
        """The operation that made each tensor."""
        found: dict[int, Op] = {}
        for op in self.ops:
            for number in op.out:
                if number not in op.given:
                    found.setdefault(number, op)
        return found

    @cached_property
    def outputs(self) -> Mapping[int, Frame]:
        """Calls of models, by the number of what they gave."""
        return {frame["output"]: frame for frame in self.by_kind.get("root", []) if frame["output"]}

    @cached_property
    def parameters(self) -> Mapping[int, Frame]:
        """How every parameter stood at the end."""
        end = self.first("end")
        return {} if end is None else {entry["id"]: entry for entry in end["parameters"]}

    @cached_property
    def names(self) -> Mapping[int, str]:
        """The names of parameters."""
        return {
            number: name
            for model in self.by_kind.get("model", [])
            for name, number in model["names"].items()
        }

    @cached_property
    def training(self) -> list[Frame]:
        """Calls of models whose output led to a backward pass."""
        return [frame for frame in self.outputs.values() if frame["output"] in self.trained]

    @cached_property
    def trained(self) -> frozenset[int]:
        """Every tensor that a loss was made of."""
        found: set[int] = set()
        for frame in self.by_kind.get("backward", []):
            found |= {number for number, _ in self.upward(frame["id"], through_outputs=True)}
        return frozenset(found)

    def upward(self, number: int, *, through_outputs: bool = False) -> Iterator[tuple[int, Op | None]]:
        """A tensor and all that it was made of, nearest first, each once."""
        waiting, seen = [number], {number}
        while waiting:
            current = waiting.pop(0)
            op = self.makers.get(current)
            yield current, op
            if op is None or (current in self.outputs and not through_outputs):
                continue
            for following in op.given:
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)

    @cached_property
    def of_model(self) -> frozenset[int]:
        """Tensors that hang on a parameter or on what a model gave."""
        found = set(self.parameters) | set(self.outputs)
        for op in self.ops:
            if any(number in found for number in op.given):
                found.update(op.out)
        return frozenset(found)

    def shape(self, number: int) -> tuple[int, ...]:
        """The shape of a tensor."""
        return tuple(self.tensors[number]["shape"]) if number in self.tensors else ()

    def bounds(self, number: int) -> tuple[float, float]:
        """The least and the largest value of a tensor that is finite."""
        told = self.tensors.get(number, {})
        return numeric(told.get("min", "nan")), numeric(told.get("max", "nan"))


def _tensors(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        if set(value) == {"t"}:
            yield value["t"]
        else:
            for entry in value.values():
                yield from _tensors(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _tensors(entry)
