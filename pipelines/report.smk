SUMMARY_FILES = [
    "summary.parquet",
    "summary.csv",
    "metrics.json",
    "plots/w1.csv",
    "plots/fid.csv",
]


rule summary:
    input:
        expand(
            "results/runs/{run}/{file}", run=RUNS, file=["run.json", "curves.parquet"]
        ),
        MEASUREMENTS,
    output:
        [f"results/{file}" for file in SUMMARY_FILES],
    log:
        "logs/summary.log",
    benchmark:
        "logs/summary.tsv"
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=growing(MEMORY["summary"]),
        runtime=growing(MINUTES["summary"]),
    params:
        code=report_code(),
        scale=PARAMS.scale,
        runs=sorted(RUNS),
    shell:
        "wganbench summary --scale {params.scale} > {log:q} 2>&1"


rule report:
    input:
        rules.summary.output,
        rules.summary.input,
        expand("results/runs/{run}/{file}", run=RUNS, file=TRAINED),
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
        mem_mb=growing(MEMORY["report"]),
        runtime=growing(MINUTES["report"]),
    params:
        code=report_code(),
        scale=PARAMS.scale,
        runs=list(RUNS),
        texts=[
            experiment.model_dump_json()
            for experiment in PARAMS.experiments().values()
        ],
    shell:
        "wganbench report --scale {params.scale} > {log:q} 2>&1"
