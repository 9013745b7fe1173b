"""What processes ask of each other over the store: one class a command, one a kind of answer.

A question is a command whose answers are kept under its id (``AnswerTable``); a newer question of the same
kind takes the place of an older one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Annotated, Any, ClassVar

from pydantic import PlainSerializer, PlainValidator, PositiveInt, TypeAdapter

from lrtui.core.config import Config, fields_that
from lrtui.core.inside.record import Asked
from lrtui.core.store.reading import conforms
from lrtui.datasets.source import Source


def _source(data: Any) -> Source:
    found = data if isinstance(data, Source) else Source.from_dict(data)
    if not conforms(found, Source):
        raise ValueError("no source")
    return found


# By hand: a path may hold bytes that are no text, of which pydantic makes no string.
AnySource = Annotated[Source, PlainValidator(_source), PlainSerializer(Source.to_dict)]


MESSAGES: dict[str, type[Message]] = {}  # by kind


@dataclass(frozen=True)
class Message:
    """What somebody asks of a process."""

    kind: ClassVar[str]

    def __init_subclass__(cls, kind: str = "") -> None:
        if kind:
            cls.kind, MESSAGES[kind] = kind, cls

    def to_json(self) -> str:
        """The message without its kind."""
        return json.dumps(_adapter(self.kind).dump_python(self))


@dataclass(frozen=True)
class RunMessage(Message):
    """What somebody asks of the process that holds a run."""

    run_id: int


@dataclass(frozen=True)
class Start(RunMessage, kind="start"):
    """Begin a run, or go on with one that was put down; with ``steps``, hold after so many epochs.

    ``fit``: nobody has set how it trains, so it may begin with what is proposed for the size of its data.
    """

    steps: PositiveInt | None = None
    fit: bool = False


class Pause(RunMessage, kind="pause"):
    """Hold where the run is."""


class Resume(RunMessage, kind="resume"):
    """Go on with a paused run."""


@dataclass(frozen=True)
class Step(RunMessage, kind="step"):
    """Train so many epochs, and hold."""

    epochs: PositiveInt = 1


@dataclass(frozen=True)
class ChangeConfig(RunMessage, kind="change"):
    """Set live hyperparameters, from the next epoch on."""

    values: dict[str, Any] = field(default_factory=dict)


class Stop(RunMessage, kind="stop"):
    """End the run, and keep what it learned."""


class PutDown(RunMessage, kind="put-down"):
    """Let go of a paused run, so that another process can take it up."""


class WatchScript(RunMessage, kind="watch"):
    """Run the script of this run, and watch it; the process that does so takes the run over."""


class Diagnose(RunMessage, kind="diagnose"):
    """Let the doctor look at a run; what it says stands in the table of diagnoses."""


class CallDoctorOff(RunMessage, kind="call-doctor-off"):
    """Nobody wants to know about a run any more: it is not looked at, until somebody asks again."""


@dataclass(frozen=True)
class StartSweep(Message, kind="sweep"):
    """Begin a sweep; an earlier one ends."""

    sweep: int


@dataclass(frozen=True)
class StopSweep(Message, kind="stop-sweep"):
    """End a sweep where it is."""

    sweep: int


@dataclass(frozen=True)
class Describe(Message, kind="describe"):
    """What is this dataset? Answered by a ``Description``."""

    source: AnySource


@dataclass(frozen=True)
class Inspect(Message, kind="inspect"):
    """What is in this table? Answered by an ``Inspection``."""

    source: AnySource


@dataclass(frozen=True)
class Suggest(Message, kind="limits"):
    """What does the data say of these values? Answered by a ``Smoothness``, then by ``Suggestions``."""

    source: AnySource
    config: Config

    @cached_property
    def problem(self) -> str:
        """What the smoothness depends on."""
        return self._key(*fields_that(lambda knob: knob.prepares or knob.weighs))

    @cached_property
    def whole(self) -> str:
        """What the suggestions depend on."""
        return self._key(*fields_that(lambda knob: knob.prepares or knob.weighs or knob.steers))

    def _key(self, *fields: str) -> str:
        return json.dumps([self.source.to_dict(), [getattr(self.config, name) for name in fields]])


@dataclass(frozen=True)
class LookInside(Message, kind="inside"):
    """What does a view show of a run? Answered by a ``Seen``, and before that by what is there of it.

    Without an ``epoch`` it is of the weights by which the run is judged, else of that snapshot; without a
    ``view`` it is the first of all views.
    """

    run: int
    view: str = ""
    asked: Asked = field(default_factory=Asked)
    epoch: int | None = None


@dataclass(frozen=True)
class Cancel(Message, kind="cancel"):
    """Nobody waits for the answer to a question any more: the command with this id."""

    question: int


Question = Describe | Inspect | Suggest | LookInside


@dataclass(frozen=True)
class Command:
    """A message on its way; answers name its id."""

    id: int
    message: Message


def read_message(kind: object, payload: dict[str, Any]) -> Message:
    """The message that a row holds.

    Raises:
        KeyError: there is no such kind. ValueError, TypeError: it is not whole.
    """
    found: Message = _adapter(str(kind)).validate_python(payload)
    return found


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(MESSAGES[kind])
