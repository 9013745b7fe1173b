# "I wrote the loss myself and it always predicts the average"
import torch

torch.manual_seed(0)
N, D = 300, 5
X = torch.randn(N, D)
true_w = torch.tensor([[1.5], [-2.0], [0.7], [0.0], [1.0]])
y = ((X @ true_w).flatten() + 0.3 * torch.randn(N) > 0).float()
x_train, y_train, x_test, y_test = X[:220], y[:220], X[220:], y[220:]

W = torch.randn(D, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
lr = 1.0


def forward(x):
    return torch.sigmoid(torch.mm(x, W) + b)


def mse(pred, target):
    diff = pred - target
    return torch.sum(diff * diff) / diff.numel()


for epoch in range(300):
    pred = forward(x_train)
    loss = mse(pred, y_train)
    loss.backward()
    with torch.no_grad():
        W -= lr * W.grad
        b -= lr * b.grad
        W.grad.zero_()
        b.grad.zero_()
    if epoch % 60 == 0:
        print(f"epoch {epoch} loss {loss.item():.4f}")

with torch.no_grad():
    guess = forward(x_test).flatten() > 0.5
acc = (guess == (y_test > 0.5)).float().mean()
print(f"acc = {acc.item():.3f}")
