# "My loss goes up and down and never settles"
import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(3)
X = rng.normal(size=(500, 6))
y = (X @ np.array([1.0, -2.0, 0.5, 0.0, 1.5, -1.0]) + rng.normal(size=500) > 0).astype(int)
X_train, X_test = torch.tensor(X[:400]).float(), torch.tensor(X[400:]).float()
y_train, y_test = torch.tensor(y[:400]).float(), torch.tensor(y[400:]).float()

torch.manual_seed(0)


class LogisticRegression(nn.Module):
    def __init__(self, n_inputs):
        super().__init__()
        self.linear = nn.Linear(n_inputs, 1)

    def forward(self, x):
        return torch.sigmoid(self.linear(x)).squeeze(1)


model = LogisticRegression(6)
criterion = nn.BCELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)

for epoch in range(60):
    y_pred = model(X_train)
    loss = criterion(y_pred, y_train)
    loss.backward()
    optimizer.step()
    if epoch % 10 == 0:
        print(f"epoch {epoch}: loss {loss.item():.4f}")

with torch.no_grad():
    y_pred = model(X_test)
    print("test loss", criterion(y_pred, y_test).item())
    print("accuracy", (y_pred.round() == y_test).float().mean().item())
