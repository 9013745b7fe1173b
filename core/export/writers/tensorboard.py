"""The curve and the snapshots as an event file that TensorBoard shows.

A file is records, each with its length and the masked CRC-32C of length and content; a record is an event.
(TensorFlow, core/lib/io/record_writer.h; core/util/event.proto; core/framework/summary.proto)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache
from math import isfinite
from typing import BinaryIO

from lrtui.core.errors import ExportError
from lrtui.core.export.protobuf import data, double, single, whole
from lrtui.core.export.writers.taken import Taken
from lrtui.datasets.text import quote

POLYNOMIAL = 0x82F63B78  # of CRC-32C, reflected
MASK = 0xA282EAD8
MEASURED = {
    "test_loss": "loss/test",
    "train_loss": "loss/train at snapshots",
    "test_accuracy": "accuracy/test",
    "train_accuracy": "accuracy/train",
    "test_balanced_accuracy": "accuracy/balanced, test",
    "test_auc": "ROC AUC/test",
    "gradient_norm": "norm/gradient",
    "weight_norm": "norm/weights",
    "majority_share": "share of the commonest prediction",
}


@cache
def _table() -> list[int]:
    found = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (POLYNOMIAL if byte & 1 else 0)
        found.append(byte)
    return found


def masked_crc(content: bytes) -> int:
    """CRC-32C (RFC 3720), turned and shifted as the format has it."""
    found, table = 0xFFFFFFFF, _table()
    for byte in content:
        found = table[(found ^ byte) & 255] ^ found >> 8
    found ^= 0xFFFFFFFF
    return ((found >> 15 | found << 17) + MASK) & 0xFFFFFFFF


def _put(file: BinaryIO, event: bytes) -> None:
    length = struct.pack("<Q", len(event))
    file.write(
        length + struct.pack("<I", masked_crc(length)) + event + struct.pack("<I", masked_crc(event))
    )


def _scalar(tag: str, step: int, number: float, when: float) -> bytes:
    value = data(1, tag) + single(2, number)
    return double(1, when) + whole(2, step) + data(5, data(1, value))


def _events(taken: Taken) -> Iterator[bytes]:
    """Each loss at its epoch, and what was measured at snapshots; numbers that are not finite are kept."""
    run, store = taken.run, taken.store
    begun = run.started or run.created
    yield double(1, begun) + data(3, "brain.Event:2")
    each = run.seconds / max(run.epoch, 1)
    for chunk in store.losses.read(run.id):
        for step, loss in enumerate(chunk.values, chunk.first_epoch):
            yield _scalar("loss/train", step, loss, begun + each * step)
    for snapshot in store.history.snapshots(run.id):
        for key, tag in MEASURED.items():
            number = snapshot.measurement.get(key)
            if isinstance(number, float | int) and isfinite(number):
                yield _scalar(tag, snapshot.epoch, float(number), begun + each * snapshot.epoch)


def write(taken: Taken) -> str:
    """The events."""
    if ".tfevents." not in taken.path.name:
        raise ExportError(
            f"TensorBoard looks for .tfevents. in a name, and {quote(taken.path.name)} has none.",
            "Give a name such as run.tfevents.lrtui, or a folder.",
        )
    with taken.draft.open("wb") as file:
        for event in _events(taken):
            _put(file, event)
    return f"tensorboard --logdir {quote(str(taken.path.absolute().parent))} shows it."
