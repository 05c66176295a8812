rule transport:
    input:
        data_of,
        "results/{run}/samples.npz",
    output:
        "results/{run}/transport.parquet",
    params:
        code=package_code("transport"),
        scale=PARAMS.scale,
    log:
        "logs/transport/{run}.log",
    benchmark:
        "benchmarks/transport/{run}.tsv"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    shell:
        "wganbench transport {wildcards.run:q} --scale {params.scale} > {log:q} 2>&1"
