#!/usr/bin/env bash
# Snakemake runs this in the project's folder after it has made the environment.
set -euo pipefail
if [ ! -f requirements.lock ]; then
  echo "the conda environment is made from a checkout of wganbench; here leave out" \
    "--software-deployment-method: the rules use the Python that runs Snakemake" >&2
  exit 2
fi
pip install --require-hashes -r requirements.lock
pip install --no-deps --no-build-isolation --editable .
python -m compileall -q wganbench
