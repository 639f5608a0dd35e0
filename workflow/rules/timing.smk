# Needs: results/{dataset}/doubled/images.npy and labels.npy.
# Makes: one record of samples for each location, backend, operation, cutoff and block, in
# results/{dataset}/records; the stores themselves are removed once they have been read. The ways of
# access make one for themselves and remove it, so that one that is added re-times nothing else.
#
# None of the inputs is ancient(): where a job far upstream runs, Snakemake does not look at whether
# the params of jobs behind an ancient input have changed.


rule store_single:
    input:
        images="results/{dataset}/doubled/images.npy",
        labels="results/{dataset}/doubled/labels.npy",
    output:
        store=temp(directory("results/{dataset}/stores/{location}/{backend}/single/block-{block}")),
        record="results/{dataset}/records/{location}/{backend}/store_single/block-{block}.json",
    log:
        "results/{dataset}/logs/store_single/{location}/{backend}/block-{block}.log",
    priority: store_priority
    group:
        group_of
    conda:
        "../../envs/timing.yaml"
    threads: whole_machine
    resources:
        **{slot: takes(slot) for slot in SLOTS},
        mem_mb=memory_to_time,
        runtime=minutes_to_time,
    params:
        cell=cell_of("store_single"),
        code=code_of("store_single.py", times_backend=True),
        versions=versions_of,
    message:
        "Storing single images with {wildcards.backend}, block {wildcards.block}"
    script:
        "../scripts/store_single.py"


rule read_single:
    input:
        store="results/{dataset}/stores/{location}/{backend}/single/block-{block}",
        record="results/{dataset}/records/{location}/{backend}/store_single/block-{block}.json",
    output:
        record="results/{dataset}/records/{location}/{backend}/read_single/block-{block}.json",
    log:
        "results/{dataset}/logs/read_single/{location}/{backend}/block-{block}.log",
    priority: read_priority
    group:
        group_of
    conda:
        "../../envs/timing.yaml"
    threads: whole_machine
    resources:
        **{slot: takes(slot) for slot in SLOTS},
        mem_mb=memory_to_time,
        runtime=minutes_to_time,
    params:
        cell=cell_of("read_single"),
        code=code_of("read_single.py", times_backend=True),
        versions=versions_of,
    message:
        "Reading single images with {wildcards.backend}, block {wildcards.block}"
    script:
        "../scripts/read_single.py"


rule store_many:
    input:
        images="results/{dataset}/doubled/images.npy",
        labels="results/{dataset}/doubled/labels.npy",
    output:
        store=temp(
            directory("results/{dataset}/stores/{location}/{backend}/{cutoff}/block-{block}")
        ),
        record="results/{dataset}/records/{location}/{backend}/store_many/{cutoff}/block-{block}.json",
    log:
        "results/{dataset}/logs/store_many/{location}/{backend}/{cutoff}/block-{block}.log",
    priority: store_priority
    group:
        group_of
    conda:
        "../../envs/timing.yaml"
    threads: whole_machine
    resources:
        **{slot: takes(slot) for slot in SLOTS},
        mem_mb=memory_to_time,
        runtime=minutes_to_time,
    params:
        cell=cell_of("store_many"),
        code=code_of("store_many.py", times_backend=True),
        versions=versions_of,
    message:
        "Storing {wildcards.cutoff} images with {wildcards.backend}, block {wildcards.block}"
    script:
        "../scripts/store_many.py"


rule read_many:
    input:
        store="results/{dataset}/stores/{location}/{backend}/{cutoff}/block-{block}",
        record="results/{dataset}/records/{location}/{backend}/store_many/{cutoff}/block-{block}.json",
    output:
        record="results/{dataset}/records/{location}/{backend}/read_many/{cutoff}/block-{block}.json",
    log:
        "results/{dataset}/logs/read_many/{location}/{backend}/{cutoff}/block-{block}.log",
    priority: read_priority
    group:
        group_of
    conda:
        "../../envs/timing.yaml"
    threads: whole_machine
    resources:
        **{slot: takes(slot) for slot in SLOTS},
        mem_mb=memory_to_time,
        runtime=minutes_to_time,
    params:
        cell=cell_of("read_many"),
        code=code_of("read_many.py", times_backend=True),
        versions=versions_of,
    message:
        "Reading {wildcards.cutoff} images with {wildcards.backend}, block {wildcards.block}"
    script:
        "../scripts/read_many.py"


rule read_access:
    input:
        images="results/{dataset}/doubled/images.npy",
        labels="results/{dataset}/doubled/labels.npy",
    output:
        record="results/{dataset}/records/{location}/{backend}/{operation}/{part}/block-{block}.json",
    log:
        "results/{dataset}/logs/read_access/{operation}/{location}/{backend}/{part}/block-{block}.log",
    priority: store_priority
    group:
        group_of
    conda:
        "../../envs/timing.yaml"
    threads: whole_machine
    resources:
        **{slot: takes(slot) for slot in SLOTS},
        mem_mb=memory_to_time,
        runtime=minutes_to_time,
    params:
        cell=cell_of(),
        settings=settings_of,
        # Below the location, and removed when a run starts should the job be killed.
        store=lambda wildcards: "results/{dataset}/stores/{location}/{backend}/{operation}/.block-{block}".format(
            **wildcards
        ),
        code=code_of("read_access.py", times_backend=True),
        versions=versions_of,
    message:
        "Timing {wildcards.operation} with {wildcards.backend}, block {wildcards.block}"
    script:
        "../scripts/read_access.py"
