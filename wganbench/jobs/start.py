"""The program `wganbench`: a command in this process, or in one that its Snakemake's server forks.

Nothing heavy is imported here: a client of the server is ready in a twentieth of a second.
"""

import os
import sys
import time

# Set by the Snakefile for the jobs of one Snakemake on this machine; see `client`.
SERVER = "WGANBENCH_SERVER"
NO_SERVER = "no"  # a user's: every job starts by itself
# Set by a rule: the file that gets what its job took; see `usage`.
USAGE = "WGANBENCH_USAGE"


def main() -> None:
    """Run the command line."""
    started = time.perf_counter()
    address, file = os.environ.pop(SERVER, ""), os.environ.pop(USAGE, "")
    if address not in ("", NO_SERVER) and sys.platform == "linux":
        from wganbench.jobs.client import run_by_server

        if ended := run_by_server(address):
            if file and ended.status == 0:
                ended.usage.write(file, time.perf_counter() - started)
            ended.follow()
    from wganbench.cli import main as command_line

    try:
        command_line()
    except SystemExit as end:
        if file and not end.code:
            from wganbench.jobs.usage import Usage

            Usage.of_this_process().write(file, time.perf_counter() - started)
        raise
