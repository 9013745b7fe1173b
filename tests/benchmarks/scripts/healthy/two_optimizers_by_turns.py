"""An encoder with a decoder, and a classifier on its codes, trained by turns."""

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
latent = torch.randn(800, 2)
X = torch.tanh(latent @ torch.randn(2, 10)) + 0.05 * torch.randn(800, 10)
y = (latent[:, 0] + latent[:, 1] > 0).float()
encoder = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 3))
decoder = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 10))
classifier = nn.Linear(3, 1)
opt_ae = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=0.01)
opt_cls = torch.optim.Adam(classifier.parameters(), lr=0.05)

for step in range(250):
    opt_ae.zero_grad()
    reconstruction = F.mse_loss(decoder(encoder(X[:600])), X[:600])
    reconstruction.backward()
    opt_ae.step()

    opt_cls.zero_grad()
    codes = encoder(X[:600]).detach()
    loss = F.binary_cross_entropy_with_logits(classifier(codes).squeeze(1), y[:600])
    loss.backward()
    opt_cls.step()
    if step % 50 == 0:
        print(f"step {step}: reconstruction {reconstruction.item():.4f}, loss {loss.item():.4f}")

with torch.no_grad():
    pred = classifier(encoder(X[600:])).squeeze(1) > 0
print("accuracy:", (pred == (y[600:] > 0.5)).float().mean().item())
