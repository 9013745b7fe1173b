"""A backbone that was trained on other rows; only the new head learns."""

import torch
import torch.nn as nn

torch.manual_seed(0)


def rows(n, seed):
    g = torch.Generator().manual_seed(seed)
    X = torch.randn(n, 4, generator=g)
    quadrant = (X[:, 0] > 0).long() * 2 + (X[:, 1] > 0).long()
    return X, quadrant


X0, quadrant = rows(1500, 1)
backbone = nn.Sequential(nn.Linear(4, 24), nn.ReLU(), nn.Linear(24, 8), nn.ReLU())
pretrained = nn.Sequential(backbone, nn.Linear(8, 4))
optimizer = torch.optim.Adam(pretrained.parameters(), lr=0.02)
for _ in range(150):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(pretrained(X0), quadrant)
    loss.backward()
    optimizer.step()
print(f"pretraining loss {loss.item():.3f}")

for p in backbone.parameters():
    p.requires_grad = False
backbone.eval()

X, quadrant = rows(600, 2)
y = (quadrant >= 2).float()
head = nn.Linear(8, 1)
model = nn.Sequential(backbone, head)
optimizer = torch.optim.Adam(head.parameters(), lr=0.05)
loss_fn = nn.BCEWithLogitsLoss()
for epoch in range(200):
    optimizer.zero_grad()
    loss = loss_fn(model(X[:400])[:, 0], y[:400])
    loss.backward()
    optimizer.step()
    if epoch % 50 == 0:
        print(f"epoch {epoch} loss {loss.item():.3f}")

with torch.no_grad():
    acc = ((model(X[400:])[:, 0] > 0) == (y[400:] > 0)).float().mean().item()
print(f"accuracy: {acc:.3f}")
