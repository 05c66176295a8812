"""The files that make up the results: one module per product, its schema, reader and writer."""
