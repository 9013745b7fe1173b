"""A student learns from a teacher whose outputs are detached, as they should be."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_wine

torch.manual_seed(0)
X, y = load_wine(return_X_y=True)
X = (X - X.mean(0)) / X.std(0)
order = torch.randperm(len(X))
X, y = torch.tensor(X, dtype=torch.float32)[order], torch.tensor(y)[order]
teacher = nn.Sequential(nn.Linear(13, 32), nn.ReLU(), nn.Linear(32, 3))
student = nn.Linear(13, 3)


def fit(model, loss_of, steps):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for step in range(steps):
        optimizer.zero_grad()
        loss = loss_of(model(X[:120]))
        loss.backward()
        optimizer.step()
    print("loss", loss.item())


fit(teacher, lambda out: F.cross_entropy(out, y[:120]), 100)
teacher.eval()
soft = F.softmax(teacher(X[:120]).detach() / 2, dim=1)
fit(student, lambda out: F.kl_div(F.log_softmax(out / 2, dim=1), soft, reduction="batchmean"), 200)
with torch.no_grad():
    print("accuracy", (student(X[120:]).argmax(1) == y[120:]).float().mean().item())
