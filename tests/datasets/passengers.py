"""A passenger list as people have it: names, ages that are missing, cabins, ticket numbers, a fate."""

from __future__ import annotations

import numpy as np
import polars as pl


def passengers(n: int = 891, seed: int = 0) -> pl.DataFrame:
    """Text columns alone, as a CSV file is read; a shape like that of the Titanic's list."""
    random = np.random.default_rng(seed)
    female = random.random(n) < 0.35
    first = random.choice([1, 2, 3], n, p=[0.24, 0.21, 0.55])
    age = np.clip(random.normal(38 - 4 * first, 13, n), 0.5, 80).round(1)
    logit = 2.4 * female - 0.9 * (first - 2) - 0.02 * (age - 30) - 1.0
    survived = random.random(n) < 1 / (1 + np.exp(-logit))
    fare = (random.lognormal(4.2 - 0.7 * first, 0.5, n)).round(4)
    deck = random.integers(1, 120, n)
    ticket = [f"PC {t}" if t % 4 == 0 else str(t) for t in random.integers(10_000, 400_000, n)]
    return pl.DataFrame(
        {
            "PassengerId": [str(i) for i in range(1, n + 1)],
            "Survived": [str(int(s)) for s in survived],
            "Pclass": [str(c) for c in first],
            "Name": [f"Person, {'Mrs' if f else 'Mr'}. Number {i}" for i, f in enumerate(female)],
            "Sex": np.where(female, "female", "male").tolist(),
            "Age": [None if m else str(a) for a, m in zip(age, random.random(n) < 0.2, strict=True)],
            "Ticket": ticket,
            "Fare": [str(f) for f in fare],
            "Cabin": [f"C{d}" if c == 1 and d < 90 else None for d, c in zip(deck, first, strict=True)],
            "Embarked": [
                None if i in (61, 829) else str(e)
                for i, e in enumerate(random.choice(["S", "C", "Q"], n, p=[0.72, 0.19, 0.09]))
            ],
        },
        schema_overrides={"Age": pl.String, "Cabin": pl.String, "Embarked": pl.String},
    )
