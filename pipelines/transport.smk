rule transport:
    input:
        data_of,
        "results/{run}/samples.npz",
    output:
        "results/{run}/transport.parquet",
    log:
        "logs/transport/{run}.log",
    benchmark:
        "logs/transport/{run}.tsv"
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=transport_memory,
        runtime=60,
    params:
        code=measuring_code(*TRANSPORT),
        scale=PARAMS.scale,
    shell:
        "wganbench transport {wildcards.run:q} --scale {params.scale} > {log:q} 2>&1"
