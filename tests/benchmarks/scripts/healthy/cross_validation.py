import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_iris

X, y = load_iris(return_X_y=True)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
y = torch.tensor(y)
folds = np.array_split(np.random.default_rng(0).permutation(len(X)), 5)
scores = []
for k, fold in enumerate(folds):
    torch.manual_seed(k)
    rest = np.concatenate([other for other in folds if other is not fold])
    model = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 3))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(100):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(X[rest]), y[rest])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        scores.append((model(X[fold]).argmax(1) == y[fold]).float().mean().item())
    print(f"fold {k}: loss {loss.item():.3f}, accuracy {scores[-1]:.3f}")
print(f"mean accuracy: {np.mean(scores):.3f}")
