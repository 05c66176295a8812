"""Experiments, their grids and the runs they ask for. Nothing here imports torch."""
