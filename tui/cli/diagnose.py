"""``lrtui diagnose``: train, or take a stored run, and say why it fails: a letter, or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Diagnosis, Health
from lrtui.core.errors import ConfigError
from lrtui.core.garbage import collect_again
from lrtui.core.lean_torch import import_torch
from lrtui.core.lost_folder import leave_lost_folder
from lrtui.datasets.memory_limit import TRAINING, check_memory
from lrtui.datasets.progress import Cancelled
from lrtui.tui.cli.completing import datasets, runs
from lrtui.tui.cli.defaults import Origin, origin_of
from lrtui.tui.cli.diagnosis_report import letter
from lrtui.tui.cli.options import config_options, take_values
from lrtui.tui.cli.printing import echo, echo_json
from lrtui.tui.cli.proposed import with_proposed
from lrtui.tui.cli.remarks import open_store, tell
from lrtui.tui.cli.runs import in_rescue_file
from lrtui.tui.cli.source_options import source_options, take_source
from lrtui.tui.cli.suggested import take_suggested, with_suggested
from lrtui.tui.cli.train import INTERRUPTED, TERMINATED, Signals, train_on
from lrtui.tui.cli.types import Once, Whole
from lrtui.tui.render.numbers import counted

if TYPE_CHECKING:
    from lrtui.datasets.dataset import Dataset
    from lrtui.datasets.preparing.problem import Problem
    from lrtui.datasets.source import Source

_EPILOG = """\b
Examples:
  lrtui diagnose breast-cancer --scaling none --lr 0.01
  lrtui diagnose imbalanced --json
  lrtui diagnose data.csv --target churned
  lrtui diagnose --run 12

\b
Exit code: 0 healthy, 1 anything else, 2 bad input.
"""


@click.command(epilog=_EPILOG)
@click.argument("dataset", required=False, shell_complete=datasets)
@source_options
@click.option(
    "--run", cls=Once, type=Whole(), metavar="RUN", help="Diagnose a stored run instead of training.",
    shell_complete=runs,
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the diagnosis as one JSON object.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@config_options
def diagnose(dataset: str | None, run: int | None, as_json: bool, quiet: bool, **options: Any) -> int:
    """Train on DATASET as train does, then say whether the run is well, and if not, why.

    Each cause is proved by training once more with only that changed. A dashboard on the same store shows
    the run, and the diagnosis with it.
    """
    if (dataset is None) == (run is None):
        raise ConfigError(
            "diagnose needs a dataset, or the number of a stored run.",
            "Give DATASET or --run RUN, not both; lrtui runs lists the runs.",
        )
    if run is not None and any(value and origin_of(name) is Origin.CALL for name, value in options.items()):
        raise ConfigError(
            "--run takes dataset and hyperparameters from the stored run.",
            "Leave the other options out, or give DATASET instead of --run.",
        )
    if dataset is not None:  # before signals are caught: Ctrl+C calls off what is awaited on standard input
        source, names = take_source(dataset, options), take_suggested(options)
        given = take_values(options)
        config = changed(Config(), **given)
    check_memory(*TRAINING)
    leave_lost_folder()
    with Signals.listening() as asked:
        try:
            if run is None:
                config, found = _trained(source, config, names, given, asked, quiet=quiet, as_json=as_json)
            else:
                source, config, found = _stored(run, asked, quiet=quiet)
        except Cancelled:
            return TERMINATED if asked.put_down else INTERRUPTED
    if as_json:
        echo_json(found.to_json())
    else:
        echo(letter(source, config, found))
    return 0 if found.status is Health.HEALTHY else 1


def _examined(
    asked: Signals, quiet: bool, examine: Callable[..., Diagnosis], *what: object, **more: object
) -> Diagnosis:
    """What the doctor finds, with a word on the terminal that he is at work."""
    from threadpoolctl import threadpool_limits  # `lrtui -h` needs none of it

    from lrtui.core.doctor.doctor import Cancelled as Stopped
    from lrtui.tui.cli.progress import Bar

    with Bar(quiet=quiet) as bar:

        def tell_trials(trials: int, share: float) -> None:
            bar.draw(share, "diagnosing", counted(trials, "experiment"))

        bar.draw(0.0, "diagnosing")
        try:
            # The doctor's matrices are small: more threads than one wait for each other.
            with threadpool_limits(1, user_api="blas"):
                return examine(*what, go_on=asked.go_on, tell=tell_trials, **more)
        except Stopped:
            raise Cancelled from None


def _stored(run_id: int, asked: Signals, *, quiet: bool) -> tuple[Source, Config, Diagnosis]:
    import_torch()
    from lrtui.core.doctor.source import diagnose_source
    from lrtui.core.engine.diagnosis_request import stored_case

    collect_again()
    with open_store() as store:
        case = stored_case(store, run_id)
        found = _examined(asked, quiet, diagnose_source, case.source, case.config, outcome=case.outcome)
        store.diagnoses.note(run_id, case.epoch, found)
    return case.source, case.config, found


def _trained(
    source: Source,
    config: Config,
    names: tuple[str, ...],
    given: Iterable[str],
    asked: Signals,
    *,
    quiet: bool,
    as_json: bool,
) -> tuple[Config, Diagnosis]:
    """Train and diagnose, with ``names`` as suggested; what cannot be trained on is diagnosed as it is.

    ``given`` are the fields that the person has set.
    """
    import_torch()
    from lrtui.core.doctor.doctor import diagnose as examine
    from lrtui.core.doctor.source import unfit
    from lrtui.core.training.problem import problem_of
    from lrtui.datasets.errors import DatasetError, TargetError
    from lrtui.datasets.loading import load
    from lrtui.tui.cli.progress import Reading

    collect_again()
    reading = Reading(source.label, quiet=quiet, go_on=asked.go_on)
    try:
        with reading:
            dataset = load(source, reading.watch)
    except TargetError as error:
        return config, _examined(asked, quiet, unfit, source, config, error)
    tell(dataset, quiet=quiet)
    try:
        with reading:
            problem = problem_of(dataset, config, watch=reading.watch)
    except DatasetError:  # the doctor knows what to do, or raises the same
        return config, _examined(asked, quiet, examine, dataset, config)
    if problem.y_train.min() == problem.y_train.max():
        return config, _examined(asked, quiet, examine, dataset, config)
    config = with_proposed(problem, config, {*given, *names}, quiet=quiet or as_json)
    config = with_suggested(problem, config, names, quiet=quiet)
    return _run(source, dataset, problem, config, asked, quiet=quiet)


def _run(
    source: Source, dataset: Dataset, problem: Problem, config: Config, asked: Signals, *, quiet: bool
) -> tuple[Config, Diagnosis]:
    """A run as train does it, with the diagnosis kept beside it."""
    from lrtui.core.doctor.doctor import diagnose as examine  # brings torch
    from lrtui.core.engine.diagnosis_request import case_of
    from lrtui.core.engine.owner import new_owner
    from lrtui.core.engine.run_session import RunSession

    session: RunSession | None = None
    with open_store() as store:
        owner = new_owner()
        try:
            run_id = store.runs.create(source, config, origin="command line", owner=owner.token)
            session = RunSession(store, run_id, owner.token, problem)
            train_on(session, asked, quiet=quiet)
            if session.store is not store:
                raise in_rescue_file(session.store.path)
            if not asked.go_on():
                raise Cancelled
            case = case_of(store, session)
            found = _examined(asked, quiet, examine, dataset, case.config, outcome=case.outcome)
            store.diagnoses.note(run_id, case.epoch, found)
            return case.config, found
        finally:
            if session is not None:
                session.close_rescue()
            owner.release()
