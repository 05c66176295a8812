"""Tests that open the report in a real Chromium."""
