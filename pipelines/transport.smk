rule transport:
    input:
        data_of,
        "results/runs/{run}/samples.npz",
    output:
        f"results/runs/{{run}}/{TRANSPORT}",
    log:
        "logs/transport/{run}.log",
    benchmark:
        "logs/transport/{run}.tsv"
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: attempt
        * transport_memory(RUNS[wildcards.run].configuration),
        runtime=growing(MINUTES["transport"][PARAMS.scale]),
    params:
        code=code_of(transport_code),
        scale=PARAMS.scale,
    shell:
        "wganbench transport {wildcards.run:q} --scale {params.scale} > {log:q} 2>&1"
