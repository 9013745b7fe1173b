"""The benchmark of ``lrtui watch``: training scripts as people write them, sick ones and healthy ones."""
