def data_of(wildcards):
    """Return the files of the data set that a run is trained on."""
    id = RUNS[wildcards.run].configuration.data.id
    return multiext(f"data/{id}", ".npz", ".json")


def code_of(digest):
    """Return a function from a run's job to the digest of the code that it runs."""
    return lambda wildcards: digest(RUNS[wildcards.run].configuration)


def growing(first):
    """Return a function from a job's attempt to its share: a retry asks for more."""
    return lambda wildcards, attempt: attempt * first
