# "My network can't learn XOR: it gives 0.5 for all four"
import torch
import torch.nn as nn

torch.manual_seed(2)
X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]).repeat(50, 1)
X = X + 0.05 * torch.randn_like(X)
Y = (X[:, 0].round() != X[:, 1].round()).float().unsqueeze(1)


class XOR(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 8)
        self.linear2 = nn.Linear(8, 1)

    def forward(self, x):
        x = torch.tanh(self.linear(x))
        x = self.linear2(x)
        return torch.sigmoid(x)


xor_network = XOR()
loss_function = nn.BCELoss()
optimizer = torch.optim.SGD(xor_network.parameters(), lr=0.5, momentum=0.9)
for epoch in range(500):
    optimizer.zero_grad()
    prediction = xor_network(X)
    loss = loss_function(prediction, Y)
    loss.backward()
    optimizer.step()
    if epoch % 100 == 0:
        print("Epoch {0}, Loss: {1:.4f}".format(epoch, loss.item()))

with torch.no_grad():
    out = xor_network(X)
print("test loss", loss_function(out, Y).item())
print("accuracy", ((out > 0.5).float() == Y).float().mean().item())
