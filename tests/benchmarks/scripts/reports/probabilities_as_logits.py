# "It predicts 1 for every row"
import torch
import torch.nn.functional as F

torch.manual_seed(1)
n = 600
X = torch.randn(n, 4)
y = (X[:, 0] + 2 * X[:, 1] - X[:, 2] + 0.5 * torch.randn(n) > 0).float()
X_train, y_train, X_test, y_test = X[:450], y[:450], X[450:], y[450:]

w = torch.zeros(4, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.5)


def predict(x):
    z = x @ w + b
    return 1 / (1 + torch.exp(-z))


for step in range(200):
    optimizer.zero_grad()
    p = predict(X_train)
    loss = F.binary_cross_entropy_with_logits(p, y_train)
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        print(step, "loss", loss.item())

with torch.no_grad():
    p = torch.sigmoid(predict(X_test))
    labels = (p > 0.5).float()
    print("ones:", int(labels.sum()), "of", len(labels))
    print("test accuracy:", (labels == y_test).float().mean().item())
