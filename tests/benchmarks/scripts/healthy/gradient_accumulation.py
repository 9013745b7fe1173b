"""Four small batches a step, on purpose."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X = torch.randn(960, 8)
y = (X[:, 0] - X[:, 1] + 0.5 * X[:, 2] * X[:, 3] > 0).float()
loader = DataLoader(TensorDataset(X[:640], y[:640]), batch_size=8, shuffle=True)
model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1))
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
accumulate = 4

for epoch in range(10):
    optimizer.zero_grad()
    for i, (xb, yb) in enumerate(loader):
        loss = criterion(model(xb).squeeze(1), yb) / accumulate
        loss.backward()
        if (i + 1) % accumulate == 0:
            optimizer.step()
            optimizer.zero_grad()
    print(f"epoch {epoch} loss {loss.item() * accumulate:.4f}")

model.eval()
with torch.no_grad():
    accuracy = ((model(X[640:]).squeeze(1) > 0).float() == y[640:]).float().mean()
print(f"accuracy {accuracy:.4f}")
