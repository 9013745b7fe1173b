import torch

torch.manual_seed(0)
X = torch.randn(500, 4)
y = (X @ torch.tensor([2.0, -1.0, 0.5, 0.0]) + 0.5 * torch.randn(500) > 0).float()
w = torch.zeros(4, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
for i in range(200):
    p = torch.sigmoid(X[:350] @ w + b)
    loss = -(y[:350] * torch.log(p) + (1 - y[:350]) * torch.log(1 - p)).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.5 * w.grad
        b -= 0.5 * b.grad
        w.grad = None
        b.grad = None
    if i % 50 == 0:
        print(i, loss.item())
pred = torch.sigmoid(X[350:] @ w + b) > 0.5
print("acc:", (pred == (y[350:] > 0.5)).float().mean().item())
