"""Work that waits for the other side: in threads, so that it can be called off and has an end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from lrtui.datasets.progress import Progress

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

PATIENCE = 30.0  # seconds in which nothing comes
MORE = 4  # a slow line may bring for as long what polars needs before it writes anything
LOOK = 0.02  # seconds between two looks
SIDE_BY_SIDE = 16


class StandsStillError(Exception):
    """Nothing came for ``PATIENCE`` seconds."""


def in_time(
    work: Callable[[], Answer],
    moved: Callable[[], int],
    look: Callable[[], None],
    alive: Callable[[], bool] = lambda: False,
) -> Answer:
    """What some work gives, in a thread that is left to itself where nothing moves any more.

    ``moved`` is another number whenever something came; ``look`` is called before and meanwhile, and may
    raise. Where nothing came, ``alive`` says whether to wait as long once more, ``MORE`` times at most.

    Raises:
        StandsStillError: nothing comes. Whatever the work or ``look`` raises.
    """
    answers: list[Answer] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(work())
        except BaseException as error:  # noqa: BLE001 - polars panics with more than an Exception
            errors.append(error)

    look()  # however soon the work is done
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    last, since, more = moved(), time.monotonic(), MORE
    while thread.is_alive():
        thread.join(LOOK)
        look()
        if (now := moved()) != last:
            last, since, more = now, time.monotonic(), MORE
        if time.monotonic() - since > PATIENCE:
            if not more or not alive():
                raise StandsStillError
            since, more = time.monotonic(), more - 1
    if errors:
        raise errors[0]
    return answers[0]


def each_in_time(
    ask: Callable[[Asked], Answer], asked: Sequence[Asked], watch: Progress, what: str
) -> list[Answer]:
    """What each of many gives, some at a time, in their order.

    Raises:
        StandsStillError: no answer comes. Cancelled: the watcher says so. What the first failure was.
    """
    answers: dict[int, Answer] = {}
    waiting = list(enumerate(asked))[::-1]
    lock = threading.Lock()
    failed: list[Exception] = []

    def work() -> None:
        while not failed:
            with lock:
                if not waiting:
                    return
                number, one = waiting.pop()
            try:
                answers[number] = ask(one)
            except Exception as error:  # noqa: BLE001 - raised again below
                failed.append(error)

    threads = [threading.Thread(target=work, daemon=True) for _ in asked[:SIDE_BY_SIDE]]
    for thread in threads:
        thread.start()

    def together() -> list[Answer]:
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]
        return [answers[number] for number in range(len(asked))]

    try:
        return in_time(
            together, lambda: len(answers), lambda: watch.at(what, len(answers) / max(len(asked), 1))
        )
    finally:
        waiting.clear()  # nobody waits for the rest
