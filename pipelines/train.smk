rule train:
    input:
        reads(steps.TRAIN),
    output:
        [f"results/runs/{{run}}/{file}" for file in steps.TRAIN.files],
    log:
        "logs/train/{run}.log",
    conda:
        "environment.yaml"
    threads: 1
    resources:
        gpu=gpus(steps.TRAIN),
        # No param: results of two devices agree in law, so another device retrains nothing.
        device=lambda wildcards: RUNS[wildcards.run].device,
        mem_mb=memory(steps.TRAIN),
        runtime=minutes(steps.TRAIN),
    params:
        usage="logs/train/{run}.tsv",
        digest=lambda wildcards: RUNS[wildcards.run].digest,
        code=lambda wildcards: steps.TRAIN.code(RUNS[wildcards.run].configuration),
        scale=PARAMS.scale,
    shell:
        "WGANBENCH_USAGE={params.usage:q}"
        " wganbench train {wildcards.run:q} --scale {params.scale} --device {resources.device}"
        " > {log:q} 2>&1"
