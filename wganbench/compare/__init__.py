"""What changed between two results: from claims.json and summary.csv alone."""
