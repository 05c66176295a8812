"""What image sets are read from: the user's raw files, and how they become square 8-bit images."""
