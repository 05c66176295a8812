"""Tests on a real Slurm. A package, so that its conftest does not take the other one's name."""
