"""Lines that stand in quotation marks as a whole, as some programs write what has separators in it."""

from __future__ import annotations

import re

_LINE = re.compile(rb'(?m)^[ \t]*"((?:[^"\r\n]|"")*)"[ \t,;]*(?=\r?$)')
_LINE_END = re.compile(rb"\r?\n")


def unwrapped(text: bytes) -> bytes:
    """Every line that is quoted as a whole without these quotes, and doubled ones inside it single."""
    return _LINE.sub(lambda found: found[1].replace(b'""', b'"'), text)


def are_wrapped(sample: bytes) -> bool:
    """Whether such lines are many: all but the header, or the header alone."""
    lines = [line for line in _LINE_END.split(sample) if line.strip()]
    wrapped = [bool(_LINE.fullmatch(line)) for line in lines[:-1] or lines]
    rest = wrapped[1:]
    return bool(wrapped) and (sum(rest) > 0.9 * len(rest) if any(rest) else wrapped[0])
