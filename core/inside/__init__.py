"""Looking inside a trained model: its weights, its answers, its rows. No screen, no store."""
