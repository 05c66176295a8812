"""What surrounds the workflow: the site's Slurm, and going on after a crash."""
