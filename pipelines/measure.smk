# A rule for each measurement, by its row in wganbench/plan/measurements/.
for step in steps.MEASUREMENTS:

    rule:
        name:
            step.name
        input:
            reads(step),
        output:
            f"results/runs/{{run}}/{step.file}",
        log:
            f"logs/{step.name}/{{run}}.log",
        conda:
            "environment.yaml"
        threads: 1
        resources:
            gpu=gpus(step),
            mem_mb=memory(step),
            runtime=minutes(step),
        params:
            usage=f"logs/{step.name}/{{run}}.tsv",
            step=step.name,
            code=code_on(step),
            scale=PARAMS.scale,
        shell:
            "WGANBENCH_USAGE={params.usage:q}"
            " wganbench {params.step} {wildcards.run:q} --scale {params.scale} > {log:q} 2>&1"
