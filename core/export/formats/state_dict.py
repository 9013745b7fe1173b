"""The weights for ``torch.nn.Linear``."""

from __future__ import annotations

from lrtui.core.export.formats.entry import ExportFormat, written_by

FORMATS = (
    ExportFormat(
        "state-dict",
        "the weights alone, for torch.nn.Linear",
        20,
        (".pt", ".safetensors"),
        written_by("weights:write"),
    ),
)
