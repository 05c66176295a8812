rule data:
    input:
        raw_files,
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
        mem_mb=growing(MEMORY["data"][PARAMS.scale]),
        runtime=growing(MINUTES["data"][PARAMS.scale]),
    params:
        code=lambda wildcards: data_code(DATA[wildcards.data]),
        scale=PARAMS.scale,
    shell:
        "wganbench data {wildcards.data:q} --scale {params.scale} > {log:q} 2>&1"
