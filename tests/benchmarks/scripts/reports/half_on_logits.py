# "scikit-learn's logistic regression is better than mine on the same data"
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(0)
rng = np.random.default_rng(11)
X = rng.normal(size=(2000, 4)).astype(np.float32)
score = 0.8 * X[:, 0] - 0.6 * X[:, 1] + 0.4
y = (rng.random(2000) < 1 / (1 + np.exp(-score))).astype(np.float32)
X_train, y_train = torch.from_numpy(X[:1400]), torch.from_numpy(y[:1400])[:, None]
X_test, y_test = torch.from_numpy(X[1400:]), torch.from_numpy(y[1400:])[:, None]

model = nn.Linear(4, 1)
loss_fn = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)


def accuracy(out, target):
    return ((out > 0.5).float() == target).float().mean().item()


for epoch in range(200):
    optimizer.zero_grad()
    out = model(X_train)
    loss = loss_fn(out, y_train)
    loss.backward()
    optimizer.step()
    if epoch % 50 == 0:
        print(f"epoch {epoch} loss {loss.item():.4f} acc {accuracy(out, y_train):.4f}")

with torch.no_grad():
    out = model(X_test)
print(f"test loss {loss_fn(out, y_test).item():.4f}")
print(f"test accuracy {accuracy(out, y_test):.4f}")
