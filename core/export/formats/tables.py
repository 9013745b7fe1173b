"""Tables, CSV or Parquet by the suffix."""

from __future__ import annotations

from lrtui.core.export.formats.entry import ExportFormat, written_by

FORMATS = (
    ExportFormat(
        "predictions",
        "what it says of every row of its own data",
        70,
        (".csv", ".parquet"),
        written_by("tables:predictions"),
    ),
    ExportFormat(
        "coefficients",
        "the weights by feature",
        75,
        (".csv", ".parquet"),
        written_by("tables:coefficients"),
    ),
    ExportFormat(
        "curve",
        "the training loss of every epoch",
        80,
        (".csv", ".parquet"),
        written_by("tables:curve"),
        scripts=True,
    ),
    ExportFormat(
        "snapshots",
        "measurements and weights along the way",
        85,
        (".csv", ".parquet"),
        written_by("tables:snapshots"),
        scripts=True,
    ),
)
