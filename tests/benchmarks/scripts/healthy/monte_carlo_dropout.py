"""Dropout stays on in evaluation, on purpose: fifty passes are averaged."""

import torch
import torch.nn as nn
from sklearn.datasets import make_moons

torch.manual_seed(0)
X, y = make_moons(500, noise=0.15, random_state=3)
X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
model = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for epoch in range(250):
    optimizer.zero_grad()
    loss = nn.functional.binary_cross_entropy_with_logits(model(X[:350]).squeeze(1), y[:350])
    loss.backward()
    optimizer.step()
    if epoch % 50 == 0:
        print("epoch", epoch, "loss", loss.item())
model.train()
with torch.no_grad():
    samples = torch.stack([torch.sigmoid(model(X[350:]).squeeze(1)) for _ in range(50)])
mean, spread = samples.mean(0), samples.std(0)
print("mean spread", spread.mean().item())
print("accuracy", ((mean > 0.5).float() == y[350:]).float().mean().item())
