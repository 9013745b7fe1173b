import numpy as np
import torch
from sklearn.datasets import load_breast_cancer

torch.manual_seed(0)
X, y = load_breast_cancer(return_X_y=True)
idx = np.random.default_rng(1).permutation(len(X))
X = (X - X.mean(0)) / X.std(0)
X, y = torch.tensor(X[idx], dtype=torch.float32), torch.tensor(y[idx], dtype=torch.float32)

w = torch.zeros(30, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.LBFGS([w, b], lr=0.5, max_iter=10)


def closure():
    optimizer.zero_grad()
    logits = X[:400] @ w + b
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, y[:400]) + 1e-3 * (w**2).sum()
    loss.backward()
    return loss


for epoch in range(10):
    loss = optimizer.step(closure)
    print("epoch", epoch, "loss", loss.item())

with torch.no_grad():
    pred = ((X[400:] @ w + b) > 0).float()
print("test accuracy:", (pred == y[400:]).float().mean().item())
