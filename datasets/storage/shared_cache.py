"""Entries of the cache that several processes make together, each its own: all of them, or none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.peers import Peers
from lrtui.datasets.progress import Progress
from lrtui.datasets.storage.cache import Cache, CacheEntry
from lrtui.datasets.storage.writing import Draft


def open_all(
    cache: Cache, name: str, peers: Peers, watch: Progress, what: str = "reading", *, fresh: bool = False
) -> CacheEntry | None:
    """The entry, if every process has its own: else none is used, for they learn from each other."""
    held = cache.open(name, watch, what, fresh=fresh)
    if all(peers.gather(held is not None)):
        return held
    if held is not None:
        held = None  # and so no longer in use
        cache.remove([name])
    return None


@contextmanager
def make_all(cache: Cache, name: str, peers: Peers, watch: Progress) -> Iterator[Draft | None]:
    """A draft of the entry of this process, for all of them at once; ``None`` where each has one meanwhile.

    Rank 0 begins, and the others once it may: two groups never wait for each other.

    Raises:
        DatasetError: another group is at work on some of them.
    """
    with ExitStack() as stack:
        if peers.rank > 0:
            peers.gather(None)
        draft = stack.enter_context(cache.make(name, watch.go_on))
        if peers.rank == 0:
            peers.gather(None)
        begun = peers.gather(draft is not None)
        if any(begun) and not all(begun):
            raise DatasetError(
                "Other processes are reading the same table this moment.", "Try again once they have."
            )
        yield draft
