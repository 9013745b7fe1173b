import copy

import torch
import torch.nn as nn

torch.manual_seed(0)
X = torch.randn(700, 12)
y = (X[:, 0] + X[:, 1] * X[:, 2] + 0.3 * torch.randn(700) > 0).float().unsqueeze(1)
train, val, test = (X[:400], y[:400]), (X[400:550], y[400:550]), (X[550:], y[550:])
model = nn.Sequential(nn.Linear(12, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 1))
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=1e-4)
best, best_state, patience = float("inf"), None, 0
for epoch in range(300):
    model.train()
    optimizer.zero_grad()
    loss = criterion(model(train[0]), train[1])
    loss.backward()
    optimizer.step()

    model.eval()
    with torch.no_grad():
        val_loss = criterion(model(val[0]), val[1]).item()
    if val_loss < best - 1e-4:
        best, best_state, patience = val_loss, copy.deepcopy(model.state_dict()), 0
    else:
        patience += 1
    if epoch % 20 == 0:
        print(f"epoch {epoch}: train {loss.item():.4f} val {val_loss:.4f}")
    if patience > 20:
        print("stopped early at epoch", epoch)
        break
model.load_state_dict(best_state)
model.eval()
with torch.no_grad():
    predictions = (torch.sigmoid(model(test[0])) > 0.5).float()
print(f"test accuracy: {(predictions == test[1]).float().mean().item():.4f}")
