"""The report's pages: sections, claims and the table of runs."""
