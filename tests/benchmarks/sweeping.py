"""A whole sweep of learning rates against one run of the plain PyTorch loop."""

from __future__ import annotations

from lrtui.core.config import Config
from lrtui.core.sweep.plan import Axis, SweepPlan, parse_values
from lrtui.core.sweep.runner import SweepRunner
from lrtui.core.training.device import threads_for
from lrtui.core.training.problem import problem_of
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from tests.benchmarks.plain import best_threads, full_batch, tensors, threads
from tests.benchmarks.report import Result, duration, pairs, seconds

RATES = "1e-5:10:64"
BAR = 0.2


def measure(quick: bool = False) -> list[Result]:
    """Medians of pairs; the sweep from the dataset to every point measured."""
    epochs, runs = 1_000, 1 if quick else 15  # with fewer, what every sweep costs once is most of it
    dataset = load(Source("example-scaling"))
    config = Config(epochs=epochs, batch_size=0)
    problem = problem_of(dataset, config)
    plan = SweepPlan(dataset.source, config, (Axis("lr", parse_values("lr", RATES)),))
    X, y = tensors(problem)

    def sweep() -> None:
        runner = SweepRunner(dataset, plan)
        runner.run()
        if not all(point.done or point.diverged_at for point in runner.points):
            raise RuntimeError("the sweep left points undone")

    loop_threads = best_threads(lambda: full_batch(X, y, config))

    def ours() -> float:
        with threads(threads_for(*problem.X_train.shape)):
            return seconds(sweep)

    def plain() -> float:
        with threads(loop_threads):
            return seconds(lambda: full_batch(X, y, config))

    took, against, ratio = pairs(ours, plain, runs, warm_up=True)
    what = f"{len(plan.points())} learning rates × {epochs:,} epochs, example-scaling"
    return [Result(what, duration(took), f"plain loop, one run {duration(against)}", ratio, BAR)]
