RUN_FILES = ["run.json", "curves.parquet", "samples.npz", "networks.safetensors"]
# Minutes and MiB that a training job may take at each scale, for a cluster's scheduler.
TRAIN_MINUTES = {"smoke": 10, "laptop": 30, "gpu": 240, "paper": 2880}
TRAIN_MEMORY = {"smoke": 1500, "laptop": 2000, "gpu": 8000, "paper": 16000}


def data_of(wildcards):
    id = RUNS[wildcards.run].configuration.data.id
    return multiext(f"data/{id}", ".npz", ".json")


rule train:
    input:
        data_of,
    output:
        [f"results/{{run}}/{file}" for file in RUN_FILES],
    params:
        digest=lambda wildcards: RUNS[wildcards.run].digest,
        code=lambda wildcards: training_code(RUNS[wildcards.run].configuration),
        scale=PARAMS.scale,
    log:
        "logs/train/{run}.log",
    benchmark:
        "benchmarks/train/{run}.tsv"
    threads: 1
    resources:
        mem_mb=TRAIN_MEMORY[PARAMS.scale],
        runtime=TRAIN_MINUTES[PARAMS.scale],
        **({"gpu": 1} if PARAMS.device == "cuda" else {}),
    shell:
        "wganbench train {wildcards.run:q} --scale {params.scale} > {log:q} 2>&1"
