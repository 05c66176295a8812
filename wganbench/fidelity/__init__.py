"""How good generated samples are: mode coverage for mixtures, image metrics for images."""
