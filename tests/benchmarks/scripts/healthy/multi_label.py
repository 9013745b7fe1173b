"""Three yes-or-no questions at once: N by 3 outputs, N by 3 labels."""

import torch
import torch.nn as nn

torch.manual_seed(0)
X = torch.randn(600, 6)
Y = torch.stack([X[:, 0] > 0, X[:, 1] + X[:, 2] > 0, X[:, 3] - X[:, 4] > 0], dim=1).float()
model = nn.Sequential(nn.Linear(6, 3), nn.Sigmoid())
criterion = nn.BCELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
for epoch in range(150):
    optimizer.zero_grad()
    loss = criterion(model(X[:450]), Y[:450])
    loss.backward()
    optimizer.step()
    if epoch % 30 == 0:
        print("epoch", epoch, "loss", round(loss.item(), 4))
model.eval()
with torch.no_grad():
    print("accuracy", (model(X[450:]).round() == Y[450:]).float().mean().item())
