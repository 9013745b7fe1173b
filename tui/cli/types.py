"""What options hold: each is given once, and whole numbers have digits that everybody reads the same."""

from __future__ import annotations

from typing import Any

import click

from lrtui.core.errors import ConfigError, StoreError
from lrtui.core.watch.amounts import bytes_of, seconds_of
from lrtui.datasets.numbers import BLANKS, is_digits, plain_whole
from lrtui.datasets.text import quote, safe


class Whole(click.ParamType):  # type: ignore[type-arg] # which has none in click 8.1
    """A whole number from ``first`` up in digits of ASCII, such as that of a run."""

    name = "number"
    first = 1

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; ``click.BadParameter`` where there is none."""
        if isinstance(value, int):
            return value
        found = plain_whole(value)
        if found is None and is_digits(value):
            return self.beyond(value)
        if found is None or found < self.first:
            self.fail(f"{quote(value)} is no whole number from {self.first} up", param, ctx)
        return found

    def beyond(self, value: str) -> int:
        """What a number of more than 18 digits means: a run that there is not."""
        raise StoreError(f"There is no run {safe(value.strip(BLANKS))}.", "lrtui runs lists them all.")


class Epoch(Whole):
    """An epoch, from 0 on: none comes after the last, of which more digits than can be counted are."""

    name = "epoch"
    first = 0

    def beyond(self, value: str) -> int:
        """The last."""
        return 2**62


class Most(Whole):
    """A whole number of things that are wanted at most: of more than can be counted, all of them."""

    def beyond(self, value: str) -> int:
        """The most that SQLite counts to."""
        return 2**63 - 1


class Port(Whole):
    """The number of a port, 0 where any will do."""

    name = "port"
    first = 0
    last = 65_535

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; ``click.BadParameter`` where it is none of a port."""
        found = super().convert(value, param, ctx)
        if found > self.last:
            self.fail(f"{quote(str(value))} is more than {self.last}, the highest port", param, ctx)
        return found

    def beyond(self, value: str) -> int:
        """More than there are."""
        return self.last + 1


class Processes(Whole):
    """How many processes train a run on this machine."""

    name = "processes"
    last = 256

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; ``click.BadParameter`` where it is none from 1 to 256."""
        found = super().convert(value, param, ctx)
        if found > self.last:
            self.fail(f"{quote(str(value))} is more than {self.last}", param, ctx)
        return found

    def beyond(self, value: str) -> int:
        """One more than there can be."""
        return self.last + 1


class YesNo(click.types.BoolParamType):
    """Whether a flag is given, of one that stands in a variable."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> bool:
        """As click reads it; ``click.BadParameter`` where that is neither yes nor no."""
        try:
            return bool(super().convert(value, param, ctx))
        except click.BadParameter:
            self.fail(f"{quote(value)} is neither yes nor no", param, ctx)


class Seconds(click.ParamType):  # type: ignore[type-arg]
    """A time, such as ``2min``."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """In seconds; ``ConfigError`` where it is none."""
        return float(value) if isinstance(value, (int, float)) else seconds_of(_named(param), value)


class Bytes(click.ParamType):  # type: ignore[type-arg]
    """A size, such as ``64MB``."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """In bytes; ``ConfigError`` where it is none."""
        return value if isinstance(value, int) else bytes_of(_named(param), value)


def _named(param: click.Parameter | None) -> str:
    return "" if param is None else param.opts[0]


class Once(click.Option):
    """An option that is given once, or again with the same value.

    Which of two values counts would depend on their order, and the other go without a word.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "multiple": True})

    def value_from_envvar(self, ctx: click.Context) -> Any:
        """The value of its variable, blanks and all."""
        found = self.resolve_envvar_value(ctx)
        return None if found is None else [found]

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """The one value, or ``None``."""
        given = list(dict.fromkeys(super().process_value(ctx, value)))
        if len(given) > 1:
            first, second = (quote(str(value)) for value in given[:2])
            raise ConfigError(
                f"{self.opts[0]} was given twice, as {first} and as {second}.", "Give it once."
            )
        return given[0] if given else None


class Here(click.Option):
    """An option that is given where it is meant: no variable and no config file has a default for it."""


class OnceHere(Once, Here):
    """One that is given once."""
