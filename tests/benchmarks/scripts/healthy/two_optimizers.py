import torch
import torch.nn as nn

torch.manual_seed(3)
X = torch.randn(900, 6)
y = ((X[:, :3] ** 2).sum(1) > (X[:, 3:] ** 2).sum(1)).long()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Linear(6, 48), nn.ReLU(), nn.Linear(48, 24), nn.ReLU())
        self.head = nn.Linear(24, 2)

    def forward(self, x):
        return self.head(self.features(x))


net = Net()
opt_features = torch.optim.Adam(net.features.parameters(), lr=0.01)
opt_head = torch.optim.SGD(net.head.parameters(), lr=0.1)
criterion = nn.CrossEntropyLoss()
for epoch in range(200):
    opt_features.zero_grad()
    opt_head.zero_grad()
    loss = criterion(net(X[:700]), y[:700])
    loss.backward()
    opt_features.step()
    opt_head.step()
    if epoch % 40 == 0:
        print(epoch, loss.item())
with torch.no_grad():
    print("accuracy", (net(X[700:]).argmax(1) == y[700:]).float().mean().item())
