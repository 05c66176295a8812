"""Jobs under Snakemake: how their processes start, what they take, when the next one is looked for.

A job is a process of its own. On one machine a server with the libraries already loaded forks it,
where a plain start would import them again, which takes longer than many a job.
"""
