def raw_files(wildcards):
    """Return the user's files that a data set is made from; once it is made they may go."""
    data = DATA[wildcards.data]
    if data.missing() and not os.path.exists(f"data/{data.id}.npz"):
        raise WorkflowError(data.missing())
    return [str(path) for path in data.raw_files()]


def data_of(wildcards):
    """Return the files of the data set that a run is trained on."""
    id = RUNS[wildcards.run].configuration.data.id
    return multiext(f"data/{id}", ".npz", ".json")


def extractor_of(wildcards):
    """Return the files of the feature space that a run's images are measured in, if it has one."""
    data = RUNS[wildcards.run].configuration.data
    return [f"{EXTRACTORS}/{file}" for file in extractor_files(data, PARAMS.extractor)]


def code_of(digest):
    """Return a function from a run's job to the digest of the code that it runs."""
    return lambda wildcards: digest(RUNS[wildcards.run].configuration)


def growing(first):
    """Return a function from a job's attempt to its share: a retry asks for more."""
    return lambda wildcards, attempt: attempt * first
