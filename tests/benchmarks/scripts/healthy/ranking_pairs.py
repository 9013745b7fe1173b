"""A loss over all pairs, N by N, on purpose."""

import torch
import torch.nn as nn

torch.manual_seed(0)
X = torch.randn(300, 5)
y = (X @ torch.tensor([1.0, 2.0, -1.0, 0.0, 0.5]) + 0.5 * torch.randn(300) > 0).float()
model = nn.Linear(5, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
for step in range(150):
    optimizer.zero_grad()
    score = model(X[:200]).squeeze(1)
    difference = score[:, None] - score[None, :]
    above = (y[:200, None] > y[None, :200]).float()
    loss = (above * nn.functional.softplus(-difference)).sum() / above.sum()
    loss.backward()
    optimizer.step()
    if step % 30 == 0:
        print(f"step {step} pairwise loss {loss.item():.4f}")
with torch.no_grad():
    score = model(X[200:]).squeeze(1)
    cut = model(X[:200]).median()
    accuracy = ((score > cut).float() == y[200:]).float().mean().item()
print(f"accuracy {accuracy:.3f}")
