"""The gradient by hand: torch without autograd."""

import torch

torch.manual_seed(0)
X = torch.randn(600, 5)
y = (X.sum(1) + 0.5 * torch.randn(600) > 0).float()
w, b, lr = torch.zeros(5), 0.0, 0.5
for epoch in range(100):
    p = torch.sigmoid(X[:400] @ w + b)
    error = p - y[:400]
    w -= lr * X[:400].T @ error / 400
    b -= lr * error.mean().item()
    if epoch % 20 == 0:
        print("epoch", epoch, "loss", torch.nn.functional.binary_cross_entropy(p, y[:400]).item())
predicted = (torch.sigmoid(X[400:] @ w + b) > 0.5).float()
print("accuracy", (predicted == y[400:]).float().mean().item())
