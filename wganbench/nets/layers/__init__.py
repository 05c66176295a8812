"""Layers with a leading replica axis. A replica's arithmetic never depends on its neighbours'."""
