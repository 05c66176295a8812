rule fidelity:
    input:
        "results/{run}/samples.npz",
    output:
        "results/{run}/fidelity.parquet",
    log:
        "logs/fidelity/{run}.log",
    benchmark:
        "logs/fidelity/{run}.tsv"
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        code=measuring_code(*FIDELITY),
        scale=PARAMS.scale,
    shell:
        "wganbench fidelity {wildcards.run:q} --scale {params.scale} > {log:q} 2>&1"
