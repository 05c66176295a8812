rule claims:
    input:
        of_every_run(trained),
        of_every_run(measured),
        feature_spaces,
    output:
        report(
            f"{OF_SCALE}/{CLAIMS}",
            caption="captions/claims.rst",
            category="Numbers",
        ),
    log:
        "logs/claims.log",
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=memory(steps.CLAIMS),
        runtime=minutes(steps.CLAIMS),
    params:
        usage="logs/claims.tsv",
        code=code_of(steps.CLAIMS),
        scale=PARAMS.scale,
        runs=sorted(RUNS),
    shell:
        "WGANBENCH_USAGE={params.usage:q}"
        " wganbench claims --scale {params.scale} > {log:q} 2>&1"
