"""Two models one after the other: a linear one for a start, then a network on both."""

import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(0)
rng = np.random.default_rng(0)
X = rng.normal(size=(800, 2))
y = (X[:, 0] + np.sin(3 * X[:, 1]) > 0).astype(np.float32)
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(y).reshape(-1, 1)
X_train, X_test, y_train, y_test = X[:600], X[600:], y[:600], y[600:]
bce = nn.BCEWithLogitsLoss()


def fit(model, optimizer, epochs, inputs):
    model.train()
    for epoch in range(epochs):
        loss = bce(model(inputs), y_train)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


linear = nn.Linear(2, 1)
print("linear, loss", fit(linear, torch.optim.SGD(linear.parameters(), lr=0.5), 100, X_train))
linear.eval()


def with_score(inputs):
    with torch.no_grad():
        return torch.cat([inputs, linear(inputs)], dim=1)


net = nn.Sequential(nn.Linear(3, 32), nn.Tanh(), nn.Linear(32, 1))
print("network, loss", fit(net, torch.optim.Adam(net.parameters(), lr=0.02), 300, with_score(X_train)))
net.eval()
with torch.inference_mode():
    correct = ((net(with_score(X_test)) > 0).float() == y_test).sum().item()
print(f"accuracy {correct / len(y_test):.3f}")
