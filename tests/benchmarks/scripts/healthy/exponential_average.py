"""A second copy of the model that no optimizer knows: the average of the first, used to evaluate."""

import copy

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X = torch.randn(900, 10)
y = ((X[:, 0] + X[:, 1] > 0) ^ (X[:, 2] > 0.8)).float()
loader = DataLoader(TensorDataset(X[:700], y[:700]), batch_size=50, shuffle=True)
model = nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 1))
average = copy.deepcopy(model)
for p in average.parameters():
    p.requires_grad_(False)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(20):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(model(xb).squeeze(1), yb)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            for a, p in zip(average.parameters(), model.parameters()):
                a.mul_(0.95).add_(p, alpha=0.05)
    if epoch % 5 == 0:
        print(f"epoch {epoch} loss {loss.item():.4f}")
with torch.no_grad():
    predicted = (torch.sigmoid(average(X[700:])).squeeze(1) >= 0.5).float()
print(f"accuracy {(predicted == y[700:]).float().mean().item():.4f}")
