# "The loss is stuck at 0.6 and all predictions are 1"
import torch
from sklearn.datasets import load_breast_cancer
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(42)


def load():
    X, y = load_breast_cancer(return_X_y=True)
    order = torch.randperm(len(X))
    X, y = torch.tensor(X, dtype=torch.float32)[order], torch.tensor(y, dtype=torch.float32)[order]
    X = (X - X[:400].mean(0)) / X[:400].std(0)
    return X[:400], y[:400], X[400:], y[400:]


def main():
    X_train, y_train, X_test, y_test = load()
    model = nn.Sequential(
        nn.Linear(30, 8),
        nn.ReLU(),
        nn.Linear(8, 1),
    )
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    loader = DataLoader(TensorDataset(X_train, y_train), batch_size=32, shuffle=True)
    for epoch in range(15):
        for xb, yb in loader:
            optimizer.zero_grad()
            loss = criterion(model(xb).squeeze(1), yb)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch + 1}, loss {loss.item():.3f}")

    model.eval()
    with torch.no_grad():
        out = model(X_test).squeeze(1)
        predicted = torch.round(torch.sigmoid(out))
        print(f"test loss: {criterion(out, y_test).item():.4f}")
        print(f"Accuracy: {(predicted == y_test).float().mean().item() * 100:.1f}%")


if __name__ == "__main__":
    main()
