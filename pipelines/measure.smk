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
        benchmark:
            f"logs/{step.name}/{{run}}.tsv"
        conda:
            "environment.yaml"
        threads: 1
        resources:
            mem_mb=memory(step),
            runtime=minutes(step),
        params:
            step=step.name,
            code=code_on(step),
            scale=PARAMS.scale,
        shell:
            "wganbench {params.step} {wildcards.run:q} --scale {params.scale} > {log:q} 2>&1"
