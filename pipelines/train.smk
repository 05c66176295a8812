RUN_FILES = ["run.json", "curves.parquet", "samples.npz", "networks.safetensors"]
# Minutes and MiB that a training job may take at each scale, for a cluster's scheduler.
TRAIN_MINUTES = {"smoke": 10, "laptop": 30, "gpu": 240, "paper": 2880}
TRAIN_MEMORY = {"smoke": 1500, "laptop": 2000, "gpu": 8000, "paper": 16000}


rule train:
    input:
        data_of,
    output:
        [f"results/{{run}}/{file}" for file in RUN_FILES],
    log:
        "logs/train/{run}.log",
    benchmark:
        "logs/train/{run}.tsv"
    conda:
        "environment.yaml"
    threads: 1
    resources:
        **({"gpu": 1} if PARAMS.device == "cuda" else {}),
        # No param: results of two devices agree in law, so another device retrains nothing.
        device=PARAMS.device,
        mem_mb=TRAIN_MEMORY[PARAMS.scale],
        runtime=TRAIN_MINUTES[PARAMS.scale],
    params:
        digest=lambda wildcards: RUNS[wildcards.run].digest,
        code=lambda wildcards: training_code(RUNS[wildcards.run].configuration),
        scale=PARAMS.scale,
    shell:
        "wganbench train {wildcards.run:q} --scale {params.scale} --device {resources.device}"
        " > {log:q} 2>&1"
