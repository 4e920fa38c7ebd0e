"""What the notebooks import: data, pictures, checks. No solution to any exercise is in here."""
