"""No backward and no .grad at all: torch.autograd.grad, and new tensors each step."""

import torch

torch.manual_seed(1)
X = torch.randn(500, 3)
y = (X[:, 0] - X[:, 1] + 0.4 * torch.randn(500) > 0).float()
params = [torch.zeros(3, requires_grad=True), torch.zeros(1, requires_grad=True)]
for step in range(150):
    loss = torch.nn.functional.binary_cross_entropy_with_logits(X[:400] @ params[0] + params[1], y[:400])
    grads = torch.autograd.grad(loss, params)
    params = [(p - 0.5 * g).detach().requires_grad_() for p, g in zip(params, grads)]
    if step % 30 == 0:
        print(f"step {step} loss {loss.item():.4f}")
with torch.no_grad():
    accuracy = ((X[400:] @ params[0] + params[1] > 0).float() == y[400:]).float().mean().item()
print(f"accuracy {accuracy:.4f}")
