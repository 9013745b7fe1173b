"""What a run can be taken away as: predictions, and files for other programs."""
