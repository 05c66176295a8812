rule extractor:
    input:
        multiext("data/{data}", ".npz", ".json"),
    output:
        multiext(f"{EXTRACTORS}/{{data}}", *EXTRACTOR_SUFFIXES[PARAMS.extractor]),
    log:
        "logs/extractor/{data}.log",
    benchmark:
        "logs/extractor/{data}.tsv"
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=growing(MEMORY["extractor"][PARAMS.scale]),
        runtime=growing(MINUTES["extractor"][PARAMS.scale]),
    params:
        code=lambda wildcards: extractor_code(DATA[wildcards.data], PARAMS.extractor),
        scale=PARAMS.scale,
    shell:
        "wganbench extractor {wildcards.data:q} --scale {params.scale} > {log:q} 2>&1"


rule fidelity:
    input:
        extractor_of,
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
        mem_mb=growing(MEMORY["fidelity"][PARAMS.scale]),
        runtime=growing(MINUTES["fidelity"][PARAMS.scale]),
    params:
        code=lambda wildcards: fidelity_code(
            RUNS[wildcards.run].configuration, PARAMS.extractor
        ),
        scale=PARAMS.scale,
    shell:
        "wganbench fidelity {wildcards.run:q} --scale {params.scale} > {log:q} 2>&1"
