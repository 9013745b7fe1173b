"""What a shell offers at a place of the command line. Nothing heavy is imported, and nothing is written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress

import click
from click.shell_completion import CompletionItem

from lrtui.core.errors import LrtuiError
from lrtui.datasets.text import safe

MOST_RUNS = 50
Items = list[CompletionItem]


class Values:
    """Completes the choices of a hyperparameter that has some."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
        """The choices, the words that stand beside numbers, or yes and no."""
        from lrtui.core.config import knob
        from lrtui.core.config.allowed import words
        from lrtui.core.config.steps import Cycle

        rule = knob(self._name).step
        found = (
            [str(value) for value in rule.values] if isinstance(rule, Cycle) else list(words(self._name))
        )
        found = ["yes" if one == "True" else "no" if one == "False" else one for one in found]
        return [CompletionItem(one) for one in found if one and one.startswith(incomplete)]


values_of = Values


def files(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Files, as the shell finds them itself."""
    return [CompletionItem(incomplete, type="file")]


def datasets(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """The catalogue, and the tables and folders that lie here; else files as the shell finds them."""
    from lrtui.datasets.catalogue import CATALOGUE

    found = [
        CompletionItem(entry.name, help=entry.shows)
        for entry in CATALOGUE.values()
        if entry.name.startswith(incomplete)
    ]
    return [*found, *_tables(incomplete)] if found else files(ctx, param, incomplete)


def runs(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """The newest runs by number, with dataset and status."""
    from lrtui.core.store.brief import brief_runs

    found: Items = []
    if ctx.info_name == "show":
        found.append(CompletionItem("last", help="the newest run"))
    with suppress(LrtuiError, OSError):
        found += [CompletionItem(str(run), help=safe(text)) for run, text in brief_runs(MOST_RUNS)]
    return [item for item in found if item.value.startswith(incomplete)]


def preset_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """The presets, those of a file too."""
    from lrtui.core.config.presets import presets

    with suppress(LrtuiError):
        found = sorted(presets().values(), key=lambda preset: preset.name)
        return [
            CompletionItem(one.name, help=one.about)
            for one in found
            if one.name.startswith(incomplete) and one.name.isprintable()
        ]
    return []


def causes(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """What the doctor has a page of."""
    from lrtui.core.doctor.pages import causes_with_page, title_of

    known = [cause for cause in causes_with_page() if cause.startswith(incomplete)]
    return [CompletionItem(cause, help=title_of(cause)) for cause in known]


def views(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """What can be seen of a run."""
    from lrtui.core.inside.names import view_names

    return [CompletionItem(name) for name in view_names() if name.startswith(incomplete)]


def first_words(dashboard: click.Command, commands: Mapping[str, str], incomplete: str) -> Items:
    """What may come first: a command, a dataset, or an option of the dashboard."""
    context = click.Context(dashboard, info_name="lrtui")
    if incomplete.startswith("-"):
        return dashboard.shell_complete(context, incomplete)
    fitting = {name: does for name, does in commands.items() if name.startswith(incomplete)}
    found = [CompletionItem(name, help=does) for name, does in fitting.items()]
    data = datasets(context, dashboard.params[0], incomplete)
    if found and all(item.type == "file" for item in data):  # beside words, a shell finds none itself
        data = _tables(incomplete)
    return found + data


def _tables(beginning: str) -> Items:
    """The files of this folder that may be tables, and its folders; hidden ones where a dot is typed."""
    from lrtui.datasets.reading.formats import may_be_read

    with suppress(OSError):
        with os.scandir() as entries:
            found = [entry for entry in entries if _may_be_meant(entry.name, beginning)]
            folders = sorted(f"{entry.name}/" for entry in found if entry.is_dir())
            tables = sorted(entry.name for entry in found if entry.is_file() and may_be_read(entry.name))
        here = (("a folder here", folders), ("a table here", tables))
        return [CompletionItem(name, help=what) for what, names in here for name in names]
    return []


def _may_be_meant(name: str, beginning: str) -> bool:
    hidden = name.startswith(".") and not beginning
    return name.startswith(beginning) and name.isprintable() and not hidden
