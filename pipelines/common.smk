# Of a run, its files by what makes them.
def trained(run):
    """Return what training makes of a run."""
    return [f"results/runs/{run.id}/{file}" for file in steps.TRAIN.files]


def measured(run):
    """Return what is measured on a run."""
    return [f"results/runs/{run.id}/{step.file}" for step in steps.measurements(run)]


KNOWN = [run for run in RUNS.values() if run.candidate or not run.tuned]
TUNED = [
    name for name, runs in BY_EXPERIMENT.items() if any(run.candidate for run in runs)
]


# Rules that ask for the files of every run do so by functions: lists would be gone through while the
# rules are read, for each rule that holds them, and by every job on a cluster again.
def of_every_run(files):
    """Return functions to these files of every run: of those known before anything is chosen, and
    for each experiment that is tuned of those that are needed once its settings are chosen.
    """

    def of_chosen(name):
        def found(wildcards):
            checkpoints.choose.get(experiment=name)  # waits for it
            chosen = needed(BY_EXPERIMENT[name], PARAMS.choices(name))
            return [
                path
                for run in chosen
                if run.tuned and not run.candidate
                for path in files(run)
            ]

        return found

    return [
        lambda wildcards: [path for run in KNOWN for path in files(run)],
        *map(of_chosen, TUNED),
    ]


def data_sets(wildcards):
    """Return the files of every data set."""
    return expand("data/{data}.{file}", data=DATA, file=["npz", "json"])


# The image sets that runs are compared with, by features.
COMPARED = [id for id, data in DATA.items() if extractor_files(data, PARAMS.extractor)]


def compared_images(wildcards):
    """Return the files of these sets: the report shows the training images nearest to runs'."""
    return expand("data/{data}.{file}", data=COMPARED, file=["npz", "json"])


def feature_spaces(wildcards):
    """Return the records of these sets' feature spaces: they have what an FID is held against."""
    return expand(f"{EXTRACTORS}/{{data}}.json", data=COMPARED)


# Each takes its step as an argument: a lambda in a loop of rules would see the loop's last one.
def reads(step):
    """Return a function from a run's job to the files that it reads."""
    return lambda wildcards: [str(path) for path in step.reads(RUNS[wildcards.run])]


def code_on(step):
    """Return a function from a run's job to the digest of the code that measures it."""
    return lambda wildcards: step.code_on(RUNS[wildcards.run])


def code_of(step):
    """Return a function to the digest of the code that looks at all runs: few jobs need it."""
    return lambda wildcards: step.code()


# Each run's training is counted by whoever submits it to a cluster. Jobs there, and jobs on this
# machine, which nothing is asked for, take what is known by then.
@cache
def asks():
    """Return what jobs ask for."""
    submits = workflow.is_main_process and workflow.non_local_exec
    return Asks(PARAMS.scale, list(RUNS.values()), anew=submits)


def run_of(wildcards):
    """Return the run that a job is about, if it is about one."""
    return RUNS[wildcards.run] if "run" in wildcards.keys() else None


def memory(step):
    """Return a function from a job and its attempt to its MiB."""

    def mem_mb(wildcards, attempt):
        log = Path(f"logs/{step.name}/{wildcards.run}.log") if step.resumes else None
        return times_memory(attempt, log) * asks().memory(step, run_of(wildcards))

    return mem_mb


def minutes(step):
    """Return a function from a job and its attempt to its minutes."""

    def runtime(wildcards, attempt):
        times = times_minutes(attempt, resumes=step.resumes)
        return times * asks().minutes(step, run_of(wildcards))

    return runtime


def gpus(step):
    """Return a function from a job on a run to its GPUs."""
    return lambda wildcards: int(step.on_gpu(RUNS[wildcards.run]))


def raw_files(wildcards):
    """Return the user's files that a data set is made from; once it is made they may go."""
    data = DATA[wildcards.data]
    if data.missing() and not os.path.exists(f"data/{data.id}.npz"):
        raise WorkflowError(data.missing())
    return [str(path) for path in data.raw_files()]
