"""The results of a plan, read into tidy frames, for claims and report alike."""
