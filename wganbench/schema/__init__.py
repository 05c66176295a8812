"""The schema of what users write, from the pydantic models: for editors and for docs/schema.md."""
