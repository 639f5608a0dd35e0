# Needs: the files of the data set that images.smk names.
# Makes: one record of samples for each location, backend, operation, part (see plan.py) and block, in
# results/{name}/records; the stores themselves are removed once they have been read. The ways of
# access make one for themselves and remove it, so that one that is added re-times nothing else.
#
# None of the inputs is ancient(): where a job far upstream runs, Snakemake does not look at whether
# the params of jobs behind an ancient input have changed.


rule time_access:
    input:
        **SOURCE_FILES,
    output:
        record="results/{name}/records/{location}/{backend}/{operation}/{part}/block-{block}.json",
    log:
        "results/{name}/logs/{operation}/{location}/{backend}/{part}/block-{block}.log",
    wildcard_constraints:
        operation=any_of(operations.chosen_by_config()),
    priority: priority_of
    group:
        group_of
    threads: whole_machine
    resources:
        **{slot: takes(slot) for slot in SLOTS},
        mem_mb=memory_to_time,
        runtime=minutes_to_time,
    params:
        **decides_block(),
        store=store_of,
    message:
        "Timing {wildcards.operation}, {wildcards.part}, with {wildcards.backend}, block {wildcards.block}"
    script:
        "../scripts/time_block.py"


use rule time_access as time_store with:
    output:
        record="results/{name}/records/{location}/{backend}/{operation}/{part}/block-{block}.json",
        store=temp(
            directory(
                "results/{name}/stores/{location}/{backend}/{operation}/{part}/block-{block}"
            )
        ),
        # Of what must come back from it, for the jobs that read it.
        digests=temp(
            "results/{name}/stores/{location}/{backend}/{operation}/{part}/block-{block}.digests.npy"
        ),
    wildcard_constraints:
        operation=any_of(STORE_OPERATIONS),


use rule time_access as time_read with:
    input:
        store=store_of,
        digests=lambda wildcards: f"{store_of(wildcards)}.digests.npy",
        stored_record=record_of_store,
    wildcard_constraints:
        operation=any_of(READ_OPERATIONS),
