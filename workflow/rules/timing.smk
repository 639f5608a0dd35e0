# Needs: results/{name}/doubled/images.npy and labels.npy.
# Makes: one record of samples for each location, backend, operation, cutoff and block, in
# results/{name}/records; the stores themselves are removed once they have been read. The ways of
# access make one for themselves and remove it, so that one that is added re-times nothing else.
#
# None of the inputs is ancient(): where a job far upstream runs, Snakemake does not look at whether
# the params of jobs behind an ancient input have changed.


rule store_single:
    input:
        images="results/{name}/doubled/images.npy",
        labels="results/{name}/doubled/labels.npy",
    output:
        store=temp(directory("results/{name}/stores/{location}/{backend}/single/block-{block}")),
        record="results/{name}/records/{location}/{backend}/store_single/block-{block}.json",
    log:
        "results/{name}/logs/store_single/{location}/{backend}/block-{block}.log",
    priority: priority_of(reads=False)
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
        **timed("store_single"),
    message:
        "Storing single images with {wildcards.backend}, block {wildcards.block}"
    script:
        "../scripts/store_single.py"


rule read_single:
    input:
        store="results/{name}/stores/{location}/{backend}/single/block-{block}",
        record="results/{name}/records/{location}/{backend}/store_single/block-{block}.json",
    output:
        record="results/{name}/records/{location}/{backend}/read_single/block-{block}.json",
    log:
        "results/{name}/logs/read_single/{location}/{backend}/block-{block}.log",
    priority: priority_of(reads=True)
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
        **timed("read_single"),
    message:
        "Reading single images with {wildcards.backend}, block {wildcards.block}"
    script:
        "../scripts/read_single.py"


rule store_many:
    input:
        images="results/{name}/doubled/images.npy",
        labels="results/{name}/doubled/labels.npy",
    output:
        store=temp(directory("results/{name}/stores/{location}/{backend}/{cutoff}/block-{block}")),
        record="results/{name}/records/{location}/{backend}/store_many/{cutoff}/block-{block}.json",
    log:
        "results/{name}/logs/store_many/{location}/{backend}/{cutoff}/block-{block}.log",
    priority: priority_of(reads=False)
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
        **timed("store_many"),
    message:
        "Storing {wildcards.cutoff} images with {wildcards.backend}, block {wildcards.block}"
    script:
        "../scripts/store_many.py"


rule read_many:
    input:
        store="results/{name}/stores/{location}/{backend}/{cutoff}/block-{block}",
        record="results/{name}/records/{location}/{backend}/store_many/{cutoff}/block-{block}.json",
    output:
        record="results/{name}/records/{location}/{backend}/read_many/{cutoff}/block-{block}.json",
    log:
        "results/{name}/logs/read_many/{location}/{backend}/{cutoff}/block-{block}.log",
    priority: priority_of(reads=True)
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
        **timed("read_many"),
    message:
        "Reading {wildcards.cutoff} images with {wildcards.backend}, block {wildcards.block}"
    script:
        "../scripts/read_many.py"


rule read_access:
    input:
        images="results/{name}/doubled/images.npy",
        labels="results/{name}/doubled/labels.npy",
    output:
        record="results/{name}/records/{location}/{backend}/{operation}/{part}/block-{block}.json",
    log:
        "results/{name}/logs/read_access/{operation}/{location}/{backend}/{part}/block-{block}.log",
    priority: priority_of(reads=False)
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
        **timed(),
        # Below the location, and removed when a run starts should the job be killed.
        store=lambda wildcards: "results/{name}/stores/{location}/{backend}/{operation}/.block-{block}".format(
            **wildcards
        ),
    message:
        "Timing {wildcards.operation} with {wildcards.backend}, block {wildcards.block}"
    script:
        "../scripts/read_access.py"
