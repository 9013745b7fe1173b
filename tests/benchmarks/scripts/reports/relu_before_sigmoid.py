# "Why does my network give 0.5 or more for everything?"
import torch
import torch.nn as nn
import torch.optim as optim
from sklearn.datasets import make_moons

torch.manual_seed(0)
X, y = make_moons(n_samples=500, noise=0.2, random_state=1)
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32).view(-1, 1)
X_train, y_train, X_test, y_test = X[:400], y[:400], X[400:], y[400:]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 16)
        self.fc2 = nn.Linear(16, 1)

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        return torch.sigmoid(x)


net = Net()
criterion = nn.BCELoss()
optimizer = optim.Adam(net.parameters(), lr=0.01)

for epoch in range(400):
    optimizer.zero_grad()
    outputs = net(X_train)
    loss = criterion(outputs, y_train)
    loss.backward()
    optimizer.step()
    if (epoch + 1) % 100 == 0:
        print("Epoch:", epoch + 1, "Loss:", loss.item())

with torch.no_grad():
    outputs = net(X_test)
    print("smallest output:", outputs.min().item())
    print("test loss:", criterion(outputs, y_test).item())
    print("Accuracy:", ((outputs > 0.5).float() == y_test).float().mean().item())
