"""Labels of -1 and 1, and a loss that is made for them."""

import torch
import torch.nn as nn

torch.manual_seed(0)
X = torch.randn(600, 4)
y = torch.sign(X[:, 0] - 0.7 * X[:, 1] + 0.3 * torch.randn(600))
svm = nn.Linear(4, 1)
optimizer = torch.optim.SGD(svm.parameters(), lr=0.1, weight_decay=1e-3)
for epoch in range(20):
    order = torch.randperm(400)
    for i in range(0, 400, 40):
        xb, yb = X[order[i : i + 40]], y[order[i : i + 40]]
        optimizer.zero_grad()
        loss = torch.clamp(1 - yb * svm(xb).squeeze(1), min=0).mean()
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch}: hinge {loss.item():.4f}")
with torch.no_grad():
    accuracy = (torch.sign(svm(X[400:]).squeeze(1)) == y[400:]).float().mean().item()
print(f"accuracy {accuracy:.4f}")
