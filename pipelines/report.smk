SUMMARY = "summary.csv"  # what people read of them


rule summary:
    input:
        of_every_run(trained),
        of_every_run(measured),
    output:
        [f"{OF_SCALE}/{file}" for file in steps.SUMMARY.files if file != SUMMARY],
        report(
            f"{OF_SCALE}/{SUMMARY}",
            caption="captions/summary.rst",
            category="Numbers",
        ),
    log:
        "logs/summary.log",
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=memory(steps.SUMMARY),
        runtime=minutes(steps.SUMMARY),
    params:
        usage="logs/summary.tsv",
        code=code_of(steps.SUMMARY),
        scale=PARAMS.scale,
        runs=sorted(RUNS),
    shell:
        "WGANBENCH_USAGE={params.usage:q}"
        " wganbench summary --scale {params.scale} > {log:q} 2>&1"


rule report:
    input:
        rules.summary.output,
        of_every_run(trained),
        of_every_run(measured),
        f"{OF_SCALE}/{CLAIMS}",
        [str(file) for file in judged_elsewhere(PARAMS.scale)],
        feature_spaces,
        compared_images,
    output:
        report(
            [f"reports/{page}" for page in page_files()],
            caption="captions/report.rst",
            category="Report",
        ),
    log:
        "logs/report.log",
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=memory(steps.REPORT),
        runtime=minutes(steps.REPORT),
    params:
        usage="logs/report.tsv",
        code=code_of(steps.REPORT),
        scale=PARAMS.scale,
        runs=list(RUNS),
        texts=lambda wildcards: [
            experiment.model_dump_json()
            for experiment in PARAMS.experiments().values()
        ],
    shell:
        "WGANBENCH_USAGE={params.usage:q}"
        " wganbench report --scale {params.scale} > {log:q} 2>&1"


# What is done so far, asked for by name: `all` makes it anew once the rest is there.
rule finished:
    log:
        "logs/finished.log",
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=memory(steps.REPORT),
        runtime=minutes(steps.REPORT),
    params:
        usage="logs/finished.tsv",
        scale=PARAMS.scale,
    shell:
        "export WGANBENCH_USAGE={params.usage:q};"
        " for step in summary claims report; do"
        " wganbench $step --finished --scale {params.scale} || exit; done > {log:q} 2>&1"
