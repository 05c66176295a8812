rule data:
    input:
        lambda wildcards: getattr(DATA[wildcards.data], "file", "") or [],
    output:
        npz="data/{data}.npz",
        manifest="data/{data}.json",
    log:
        "logs/data/{data}.log",
    benchmark:
        "logs/data/{data}.tsv"
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=growing(MEMORY["data"]),
        runtime=growing(MINUTES["data"]),
    params:
        code=lambda wildcards: data_code(DATA[wildcards.data]),
        scale=PARAMS.scale,
    shell:
        "wganbench data {wildcards.data:q} --scale {params.scale} > {log:q} 2>&1"
