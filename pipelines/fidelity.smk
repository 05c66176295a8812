rule fidelity:
    input:
        "results/runs/{run}/samples.npz",
    output:
        f"results/runs/{{run}}/{FIDELITY}",
    log:
        "logs/fidelity/{run}.log",
    benchmark:
        "logs/fidelity/{run}.tsv"
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=growing(MEMORY["fidelity"]),
        runtime=growing(MINUTES["fidelity"]),
    params:
        code=code_of(fidelity_code),
        scale=PARAMS.scale,
    shell:
        "wganbench fidelity {wildcards.run:q} --scale {params.scale} > {log:q} 2>&1"
