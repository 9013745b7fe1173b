import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import make_moons
from torch.utils.data import DataLoader, TensorDataset


class MoonModel(nn.Module):
    def __init__(self, lr=0.02):
        super().__init__()
        self.lr = lr
        self.net = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, x):
        return self.net(x).squeeze(-1)

    def training_step(self, batch, batch_idx):
        x, y = batch
        return F.binary_cross_entropy_with_logits(self(x), y)

    def validation_step(self, batch, batch_idx):
        x, y = batch
        logits = self(x)
        return {
            "loss": F.binary_cross_entropy_with_logits(logits, y),
            "right": ((logits > 0) == (y > 0.5)).sum(),
        }

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=self.lr)


class Trainer:
    def __init__(self, max_epochs):
        self.max_epochs = max_epochs

    def fit(self, model, train_loader, val_loader):
        optimizer = model.configure_optimizers()
        for epoch in range(self.max_epochs):
            model.train()
            for i, batch in enumerate(train_loader):
                loss = model.training_step(batch, i)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            model.eval()
            with torch.no_grad():
                parts = [model.validation_step(batch, i) for i, batch in enumerate(val_loader)]
            right = sum(part["right"].item() for part in parts)
            print(
                f"epoch {epoch}: loss {loss.item():.4f}, val accuracy {right / len(val_loader.dataset):.4f}"
            )


if __name__ == "__main__":
    torch.manual_seed(0)
    X, y = make_moons(600, noise=0.2, random_state=0)
    X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
    train = DataLoader(TensorDataset(X[:450], y[:450]), batch_size=32, shuffle=True)
    val = DataLoader(TensorDataset(X[450:], y[450:]), batch_size=64)
    Trainer(max_epochs=20).fit(MoonModel(), train, val)
