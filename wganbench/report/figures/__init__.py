"""What the report draws: each module turns results into figures."""
