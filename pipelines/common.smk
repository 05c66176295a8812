# What transport.parquet and fidelity.parquet are measured with; the rest of these packages is not.
TRANSPORT = [
    f"transport/{module}.py"
    for module in ("measure", "estimates", "exact", "one_dimensional", "pot", "samples")
]
FIDELITY = ["fidelity"]
REPORT = ["report", "transport/closed_forms.py", "data/pairs.py", "data/__init__.py"]


def data_of(wildcards):
    """Return the files of the data set that a run is trained on."""
    id = RUNS[wildcards.run].configuration.data.id
    return multiext(f"data/{id}", ".npz", ".json")


def measuring_code(*places):
    """Return a function from a run to the digest of what measures it, its data's law included."""
    return lambda wildcards: (
        package_code(*places) + data_code(RUNS[wildcards.run].configuration.data)
    )


def transport_memory(wildcards):
    """Return the MiB that exact W1 takes: 41 bytes a cell, and one more matrix for transforms."""
    n = RUNS[wildcards.run].configuration.samples
    return 1000 + 60 * n**2 // 2**20
