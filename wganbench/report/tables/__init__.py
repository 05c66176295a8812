"""What the report tabulates, and the summary of all runs."""
