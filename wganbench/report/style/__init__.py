"""What figures and tables share: looks, words, blocks and axes."""
