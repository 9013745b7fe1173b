"""The weights as a state_dict of ``torch.nn.Linear``: for torch.load, or in the format safetensors."""

from __future__ import annotations

import json
import struct

import numpy as np

from lrtui.core.export.recipe import Recipe
from lrtui.core.export.writers.taken import Taken


def loader(name: str, recipe: Recipe) -> str:
    """Lines that make the model again of a file of this name."""
    outputs, features = recipe.weights.shape
    answer = "torch.sigmoid(model(x))" if recipe.binary else "torch.softmax(model(x), 1)"
    tensors = name.endswith(".safetensors")
    load = "load_file(NAME)" if tensors else "torch.load(NAME, weights_only=True)"
    return "\n".join(
        [
            "import torch",
            *(["from safetensors.torch import load_file"] if tensors else []),
            f"model = torch.nn.Linear({features}, {outputs})",
            f"model.load_state_dict({load.replace('NAME', repr(name))})",
            f"p = {answer}  # x: rows of the {features} features, prepared as lrtui does",
        ]
    )


def write(taken: Taken) -> str:
    """The weights, by torch or as safetensors."""
    recipe = taken.recipe
    tensors = {
        "weight": recipe.weights.astype(np.float32),
        "bias": recipe.bias.astype(np.float32),
    }
    if taken.path.suffix.lower() == ".safetensors":
        names = taken.model.preparation.features.names
        told = {"features": json.dumps(names), "classes": json.dumps(recipe.classes)}
        taken.draft.write_bytes(safetensors_of(tensors, told))
    else:
        import torch  # only for its own format

        torch.save({name: torch.from_numpy(values) for name, values in tensors.items()}, taken.draft)
    return loader(str(taken.path), recipe)


def safetensors_of(tensors: dict[str, np.ndarray], told: dict[str, str]) -> bytes:
    """A file of float32 tensors: the length of a header, the header as JSON, the numbers.

    (https://huggingface.co/docs/safetensors, "Format")
    """
    header: dict[str, object] = {"__metadata__": told}
    at = 0
    for name, values in tensors.items():
        header[name] = {
            "dtype": "F32",
            "shape": list(values.shape),
            "data_offsets": [at, at + values.nbytes],
        }
        at += values.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return (
        struct.pack("<Q", len(text))
        + text
        + b"".join(one.astype("<f4").tobytes() for one in tensors.values())
    )
