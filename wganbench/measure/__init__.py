"""What users bring, measured as runs are: two files of points, or a set of images."""
