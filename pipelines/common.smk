# Each takes its step as an argument: a lambda in a loop of rules would see the loop's last one.
def reads(step):
    """Return a function from a run's job to the files that it reads."""
    return lambda wildcards: [str(path) for path in step.reads(RUNS[wildcards.run])]


def code_on(step):
    """Return a function from a run's job to the digest of the code that measures it."""
    return lambda wildcards: step.code_on(RUNS[wildcards.run])


def memory(step):
    """Return a function from a job and its attempt to its MiB: a retry asks for more."""

    def mem_mb(wildcards, attempt):
        runs = [RUNS[wildcards.run]] if "run" in wildcards.keys() else []
        return attempt * step.memory_at(
            PARAMS.scale, [run.configuration for run in runs]
        )

    return mem_mb


def minutes(step):
    """Return a function from a job's attempt to its minutes: a retry asks for more."""
    return lambda wildcards, attempt: attempt * step.minutes[PARAMS.scale]


def raw_files(wildcards):
    """Return the user's files that a data set is made from; once it is made they may go."""
    data = DATA[wildcards.data]
    if data.missing() and not os.path.exists(f"data/{data.id}.npz"):
        raise WorkflowError(data.missing())
    return [str(path) for path in data.raw_files()]
