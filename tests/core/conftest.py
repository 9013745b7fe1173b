"""Training tests share two cores with other workers: one thread for each, as the engine has it."""

from __future__ import annotations

import torch

torch.set_num_threads(1)
