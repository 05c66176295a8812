rule fidelity:
    input:
        "results/{run}/samples.npz",
    output:
        "results/{run}/fidelity.parquet",
    params:
        code=package_code("fidelity"),
        scale=PARAMS.scale,
    log:
        "logs/fidelity/{run}.log",
    benchmark:
        "benchmarks/fidelity/{run}.tsv"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    shell:
        "wganbench fidelity {wildcards.run:q} --scale {params.scale} > {log:q} 2>&1"
