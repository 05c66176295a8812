rule summary:
    input:
        expand("results/{run}/{file}", run=RUNS, file=["run.json", "curves.parquet"]),
        expand("results/{run}/transport.parquet", run=MEASURED),
        expand("results/{run}/fidelity.parquet", run=MIXTURES),
    output:
        "results/summary.parquet",
    log:
        "logs/summary.log",
    benchmark:
        "logs/summary.tsv"
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=package_code(*REPORT),
        scale=PARAMS.scale,
        runs=sorted(RUNS),
    shell:
        "wganbench summary --scale {params.scale} > {log:q} 2>&1"


rule report:
    input:
        rules.summary.output,
        rules.summary.input,
        expand("results/{run}/{file}", run=RUNS, file=RUN_FILES),
    output:
        "reports/index.html",
    log:
        "logs/report.log",
    benchmark:
        "logs/report.tsv"
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        code=package_code(*REPORT),
        scale=PARAMS.scale,
        runs=list(RUNS),
        texts=[
            experiment.model_dump_json()
            for experiment in PARAMS.experiments().values()
        ],
    shell:
        "wganbench report --scale {params.scale} > {log:q} 2>&1"
