#!/usr/bin/env bash
# Snakemake runs this in the project's folder after it has made the environment.
set -euo pipefail
pip install --require-hashes -r requirements.lock
pip install --no-deps --no-build-isolation --editable .
python -m compileall -q wganbench
