"""The man page, made of the commands: what ``-h`` says of each, as roff (man(7))."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from lrtui.tui.cli.front import ABOUT, COMMANDS, EXAMPLES, OPTIONS, VERSION
from lrtui.tui.cli.group import DASHBOARD, Group

AS_IT_STANDS = "\b"  # click's mark before a paragraph that is not to be wrapped
ENVIRONMENT = {
    "LRTUI_HOME": "The folder of the store and of all that lrtui keeps.",
    "LRTUI_CACHE": "The folder of what large files leave on the disk.",
    "LRTUI_CACHE_LIMIT": "How large that may grow, such as 20GB.",
    "LRTUI_OPENML": "An address in place of OpenML's.",
    "LRTUI_LR, LRTUI_JSON, …": "Each option by its name in capitals, with _ for -.",
    "NO_COLOR": "Set to anything, there are no colours.",
}
EXIT_STATUS = {
    "0": "All is well.",
    "1": "What was looked at is not: a script that failed, or an lrtui that cannot work here.",
    "2": "What was given is wrong, and said in two sentences.",
    "130": "Ended by Ctrl+C; a run is kept.",
}


def manual(group: Group) -> str:
    """The page of a group, its commands and all their options."""
    lines = [
        f'.TH LRTUI 1 "" "{VERSION}" "User Commands"',
        ".SH NAME",
        f"lrtui \\- {_text(_without_dot(ABOUT[0]))}",
    ]
    lines += [".SH SYNOPSIS", ".B lrtui", r"[\fIDATASET\fR] [\fIoptions\fR]", ".br", ".B lrtui"]
    lines += [r"\fICOMMAND\fR [\fIoptions\fR]", ".SH DESCRIPTION", *_prose("\n\n".join(ABOUT[1:]))]
    lines += [".SH OPTIONS", *_table(OPTIONS), ".SH COMMANDS"]
    told: dict[str, str] = {}
    for name in (DASHBOARD, *COMMANDS):
        lines += _command(group, name, told)
    lines += [".SH ENVIRONMENT", *_table(ENVIRONMENT), ".SH EXIT STATUS", *_table(EXIT_STATUS)]
    lines += [".SH EXAMPLES", *_verbatim(EXAMPLES.partition("\n")[2])]
    idle = [i for i, line in enumerate(lines) if line == ".PP" and lines[i - 1].startswith((".SH", ".SS"))]
    return "\n".join((*(line for i, line in enumerate(lines) if i not in idle), ""))


def _command(group: Group, name: str, told: dict[str, str]) -> Iterator[str]:
    context = click.Context(group, info_name="lrtui", **group.context_settings)
    command = group.get_command(context, name)
    assert command is not None, "it is in the table"
    yield from _section(command, click.Context(command, context, info_name=name), told)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.commands[inner]
            own = click.Context(found, click.Context(command, context, info_name=name), info_name=inner)
            yield from _section(found, own, told)


def _section(command: click.Command, context: click.Context, told: dict[str, str]) -> Iterator[str]:
    path = context.command_path.removesuffix(f" {DASHBOARD}")
    yield f".SS {_text(' '.join((path, *command.collect_usage_pieces(context))))}"
    yield from _prose(command.help or "")
    before = []
    for parameter in command.params:
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is None:  # an argument, or hidden
            continue
        words, text = record
        if told.get(words) == text:
            before.append(words.partition(" ")[0])
            continue
        told[words] = text
        yield from _table({words: text})
    if before:
        yield from (".PP", f"And as told above: {_text(', '.join(before))}.")
    yield from _prose(command.epilog or "")


def _table(rows: dict[str, str]) -> Iterator[str]:
    for name, text in rows.items():
        yield from (".TP", rf"\fB{_text(name)}\fR", _text(text))


def _prose(text: str) -> Iterator[str]:
    """Paragraphs as click tells them apart: by blank lines, and what stands as it does after its mark."""
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        lines = [line.strip("\n") for line in paragraph.split("\n")]
        if lines[0].strip(" ") == AS_IT_STANDS:
            yield ".PP"
            yield from _verbatim("\n".join(lines[1:]))
        elif paragraph.strip():
            yield from (".PP", _text(" ".join(paragraph.split())))


def _verbatim(text: str) -> Iterator[str]:
    yield from (".nf", *(_text(line) for line in text.strip("\n").split("\n")), ".fi")


def _text(text: str) -> str:
    """Text that roff takes for nothing else, whatever its encoding; `words` in backticks are bold."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq")
    escaped = re.sub(r"`([^`]+)`", r"\\fB\1\\fR", escaped)
    escaped = "".join(one if one.isascii() else f"\\[u{ord(one):04X}]" for one in escaped)
    return rf"\&{escaped}" if escaped.startswith(".") else escaped


def _without_dot(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:].rstrip(".")
