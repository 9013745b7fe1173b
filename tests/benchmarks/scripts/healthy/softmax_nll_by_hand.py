"""Softmax regression from scratch: softmax, its logarithm, and the labels picked out."""

import torch
from sklearn.datasets import load_digits

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X, y = torch.tensor(X / 16, dtype=torch.float32), torch.tensor(y)
W = (0.01 * torch.randn(64, 10)).requires_grad_()
b = torch.zeros(10, requires_grad=True)


def softmax(z):
    e = torch.exp(z - z.max(dim=1, keepdim=True).values)
    return e / e.sum(dim=1, keepdim=True)


def cross_entropy(p, target):
    return -torch.log(p[torch.arange(len(p)), target]).mean()


for epoch in range(15):
    order = torch.randperm(1400)
    for i in range(0, 1400, 50):
        batch = order[i : i + 50]
        loss = cross_entropy(softmax(X[batch] @ W + b), y[batch])
        loss.backward()
        with torch.no_grad():
            for p in (W, b):
                p -= 0.5 * p.grad
                p.grad.zero_()
    print(f"epoch {epoch + 1}, loss {loss.item():.4f}")
with torch.no_grad():
    accuracy = (softmax(X[1400:] @ W + b).argmax(dim=1) == y[1400:]).float().mean().item()
print(f"accuracy {accuracy:.4f}")
