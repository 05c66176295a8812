"""f-divergences with their conjugates and output activations ([fGAN] tables 1, 2 and 6)."""
