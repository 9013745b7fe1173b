# "Accuracy stays at exactly the share of zeros"
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(7)
X = torch.cat([torch.randn(400, 2) - 1.0, torch.randn(400, 2) + 1.0])
y = torch.cat([torch.zeros(400), torch.ones(400)])
perm = torch.randperm(800)
X, y = X[perm], y[perm]
train_set = TensorDataset(X[:600], y[:600])
test_set = TensorDataset(X[600:], y[600:])


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, x):
        return self.layers(x)


model = Classifier()
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(10):
    model.train()
    for inputs, labels in DataLoader(train_set, batch_size=32, shuffle=True):
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, labels.unsqueeze(1))
        loss.backward()
        optimizer.step()
    print(f"Epoch {epoch}: loss {loss.item():.4f}")

model.eval()
correct = 0
total = 0
with torch.no_grad():
    for inputs, labels in DataLoader(test_set, batch_size=50):
        outputs = model(inputs)
        predicted = (outputs.data > 0).float().squeeze(1)
        total += labels.size(0)
        correct += (predicted == labels).sum().item()
print(f"Accuracy: {100 * correct / total:.1f} %")
