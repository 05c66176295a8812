rule data:
    output:
        npz="data/{data}.npz",
        manifest="data/{data}.json",
    params:
        code=lambda wildcards: data_code(DATA[wildcards.data]),
        scale=PARAMS.scale,
    log:
        "logs/data/{data}.log",
    benchmark:
        "benchmarks/data/{data}.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    shell:
        "wganbench data {wildcards.data:q} --scale {params.scale} > {log:q} 2>&1"
