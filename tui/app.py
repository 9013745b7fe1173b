"""``run_dashboard``: start the engine, then the Textual app. Light to import on purpose."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from lrtui.core.config import Config
from lrtui.core.engine.launch import EngineHandle, start_engine
from lrtui.core.engine.owner import is_alive
from lrtui.core.errors import LrtuiError, StoreError
from lrtui.core.garbage import collect_again
from lrtui.core.store import Run, Status, Store
from lrtui.core.store.home import folder_remark
from lrtui.core.store.messages import Start, WatchScript
from lrtui.core.store.rescue import rescue_notice
from lrtui.core.store.scripts import Asked
from lrtui.datasets.source import Source
from lrtui.tui.preferences import Preferences

if TYPE_CHECKING:
    from lrtui.tui.dashboard import Dashboard
    from lrtui.tui.demo.guide import Guide

FIRST_DATASET = "breast-cancer"
LOOKED_THROUGH = 50  # runs, for the newest that can be read


def run_dashboard(
    source: Source | None,
    config: Config | None,
    *,
    base: Config | None = None,
    own: bool,
    start: bool,
    ascii_only: bool,
    preferences: Preferences | None = None,
    script: Asked | None = None,
    replay: tuple[int, float] | None = None,
    guide: Guide | None = None,
) -> int:
    """Show the dashboard until the person quits; returns the exit code.

    Without ``source`` it shows the newest run, live or ended. ``config`` is what this call asks for, and
    ``base`` what holds where it asks for nothing. The engine starts before anything else; where nothing
    waits for it, it warms up only once the first frame is drawn. ``own``: the person has said how to train.
    A ``script`` is run at once, and shown. ``replay`` is a stored run to be shown as it went, and how many
    times as fast (0: in ten seconds). With a ``guide`` a tour stands above the panes.

    Raises:
        DashboardFailedError: something happened that nobody expected.
        LrtuiError: the store, its folder or the engine cannot be used.
    """
    folder_remark()  # the dashboard shows it; here it says which variable names no folder
    with Store() as store:
        _look_after(store)
        engine = start_engine(at_once=start, watches=script is not None)
        try:
            run_id = _begin(store, engine, source, config or base or Config(), own=own) if start else None
            if script is not None:
                run_id = _watch(store, engine, script)
            newest = _first_shown(store, source, replay)
            known = newest if newest is not None and not newest.watched else None
            app = _dashboard_of(guide)(
                store,
                engine,
                source=source or (known.source if known else Source(FIRST_DATASET)),
                config=config or (known.config if known else base or Config()),
                run_id=run_id or (newest.id if newest and config is None else None),
                replay=None if replay is None else replay[1],
                own=own,
                ascii_only=ascii_only,
                preferences=preferences,
            )
            signal.signal(signal.SIGINT, app.interrupt)
            collect_again()
            app.run()
            if app.failed is not None:
                raise _told(app.failed) from app.failed
        except (LrtuiError, OSError):
            raise
        except Exception as error:
            raise _told(error) from error
        finally:
            engine.let_go()
    return app.return_code or 0


def _first_shown(store: Store, source: Source | None, replay: tuple[int, float] | None) -> Run | None:
    """The stored run that is shown first: that of a replay, or the newest where no source is asked for."""
    if replay is not None:
        return store.runs.get(replay[0])
    return None if source is not None else newest_run(store)


def _dashboard_of(guide: Guide | None) -> Callable[..., Dashboard]:
    """The app, with Textual, which is imported only once the engine is on its way."""
    if guide is None:
        from lrtui.tui.dashboard import Dashboard

        return Dashboard
    from lrtui.tui.demo.app import DemoDashboard

    return partial(DemoDashboard, guide=guide)


def _told(error: Exception) -> LrtuiError:
    from lrtui.tui.unexpected_error import failure_of  # rarely needed

    return failure_of(error)


def _look_after(store: Store) -> None:
    """Say what was rescued, and let runs whose engine is gone be taken up again."""
    store.notice = "\n".join(filter(None, (rescue_notice(store.path.parent), store.notice))) or None
    with suppress(StoreError):  # a store that cannot be written is shown all the same
        store.runs.interrupt_orphans(is_alive)


def _watch(store: Store, engine: EngineHandle, script: Asked) -> int:
    """The run of a script, which is on its way."""
    run_id = store.new_script(script, engine.token)
    store.commands.send(engine.token, WatchScript(run_id))
    return run_id


def _begin(store: Store, engine: EngineHandle, source: Source | None, config: Config, *, own: bool) -> int:
    """The first run of ``--start``, on its way before the first frame."""
    run_id = store.runs.create(
        source or Source(FIRST_DATASET), config, origin="dashboard", owner=engine.token
    )
    store.commands.send(engine.token, Start(run_id, fit=not own))
    return run_id


def newest_run(store: Store) -> Run | None:
    """The run to begin with: one that is live, or else the newest that can be read."""
    runs = [*store.runs.live(), *store.runs.recent(LOOKED_THROUGH)]
    return next((run for run in runs if run.status is not Status.UNREADABLE), None)
