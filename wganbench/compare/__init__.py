"""What changed between two results: from their claims.json and summary.csv alone."""
