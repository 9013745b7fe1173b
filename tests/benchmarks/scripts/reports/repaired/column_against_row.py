# "Using a target size that is different to the input size ... and my model outputs the mean of y"
import numpy as np
import torch
import torch.nn as nn

torch.manual_seed(0)
np.random.seed(0)
X = np.random.randn(800, 3).astype(np.float32)
y = (np.sin(2 * X[:, 0]) + X[:, 1] > 0).astype(np.float32)
X_train, X_test = torch.from_numpy(X[:600]), torch.from_numpy(X[600:])
y_train, y_test = torch.from_numpy(y[:600]), torch.from_numpy(y[600:])

model = nn.Sequential(nn.Linear(3, 32), nn.Tanh(), nn.Linear(32, 1), nn.Sigmoid())
loss_fn = nn.MSELoss()
opt = torch.optim.Adam(model.parameters(), lr=0.01)

for t in range(300):
    y_pred = model(X_train)
    loss = loss_fn(y_pred, y_train.view(-1, 1))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if t % 100 == 99:
        print(t, loss.item())

with torch.no_grad():
    y_pred = model(X_test)
    label = (y_pred[:, 0] > 0.5).float()
print("test accuracy", (label == y_test).float().mean().item())
