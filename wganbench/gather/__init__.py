"""The results of a plan, read into tidy frames, for claims and report alike."""

import pandas as pd

# Frames here have hundreds of rows: texts in Arrow's arrays, meant for millions, take longer to
# compare and to pick than Python's.
pd.set_option("mode.string_storage", "python")
