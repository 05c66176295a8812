def data_of(wildcards):
    """Return the files of the data set that a run is trained on."""
    id = RUNS[wildcards.run].configuration.data.id
    return multiext(f"data/{id}", ".npz", ".json")
