rule data:
    input:
        raw_files,
    output:
        npz="data/{data}.npz",
        manifest="data/{data}.json",
    log:
        "logs/data/{data}.log",
    conda:
        "environment.yaml"
    threads: 1
    resources:
        mem_mb=memory(steps.DATA_SET),
        runtime=minutes(steps.DATA_SET),
    params:
        usage="logs/data/{data}.tsv",
        code=lambda wildcards: steps.DATA_SET.code(DATA[wildcards.data]),
        # A file that is written over in place leaves its folder's time as it was.
        raw=lambda wildcards: raw_state(
            DATA[wildcards.data], Path(f"data/{wildcards.data}.npz")
        ),
        scale=PARAMS.scale,
    shell:
        "WGANBENCH_USAGE={params.usage:q}"
        " wganbench data {wildcards.data:q} --scale {params.scale} > {log:q} 2>&1"


SEEN_ON_GPU = {
    run.configuration.data.id for run in RUNS.values() if steps.EXTRACTOR.on_gpu(run)
}


rule extractor:
    input:
        multiext("data/{data}", ".npz", ".json"),
    output:
        multiext(f"{EXTRACTORS}/{{data}}", *EXTRACTOR_SUFFIXES[PARAMS.extractor]),
    log:
        "logs/extractor/{data}.log",
    conda:
        "environment.yaml"
    threads: 1
    resources:
        gpu=lambda wildcards: int(wildcards.data in SEEN_ON_GPU),
        mem_mb=memory(steps.EXTRACTOR),
        runtime=minutes(steps.EXTRACTOR),
    params:
        usage="logs/extractor/{data}.tsv",
        code=lambda wildcards: steps.EXTRACTOR.code(
            DATA[wildcards.data], variant=PARAMS.extractor
        ),
        scale=PARAMS.scale,
    shell:
        "WGANBENCH_USAGE={params.usage:q}"
        " wganbench extractor {wildcards.data:q} --scale {params.scale} > {log:q} 2>&1"
