"""How a claim is judged: evidence, pairs, intervals, verdicts and the file that holds them."""
