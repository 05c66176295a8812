"""The training loop, optimisers, random streams and the files that a run leaves."""
