# Which runs follow is known when this is done: a tuned configuration's best setting is trained with
# the scale's other seeds.
checkpoint choose:
    input:
        lambda wildcards: [
            path
            for run in BY_EXPERIMENT[wildcards.experiment]
            if run.candidate
            for path in (*trained(run), *measured(run))
        ],
    output:
        choices_file("{experiment}", PARAMS.scale),
    log:
        "logs/choose/{experiment}.log",
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=memory(steps.CHOOSE),
        runtime=minutes(steps.CHOOSE),
    params:
        usage="logs/choose/{experiment}.tsv",
        code=code_of(steps.CHOOSE),
        scale=PARAMS.scale,
        candidates=lambda wildcards: [
            run.id for run in BY_EXPERIMENT[wildcards.experiment] if run.candidate
        ],
    shell:
        "WGANBENCH_USAGE={params.usage:q}"
        " wganbench choose {wildcards.experiment:q} --scale {params.scale} > {log:q} 2>&1"
