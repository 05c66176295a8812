"""The measurements of trained runs: a module each, with its row of the table of steps as `ROW`.

A row is found by its file. It names code as text, so that planning imports none of it.
"""
