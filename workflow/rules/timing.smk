# Needs: the files of the data set that images.smk names.
# Makes: one record of samples for each location, backend, operation, part (see plan.py) and block, in
# results/{name}/records. Its name ends with the key of everything that decides the measurement: a job
# must run if its record is missing, and for no other reason. So all inputs are ancient.
#
# Stores are removed once they have been read. The ways of access make one for themselves and remove it,
# so that one that is added re-times nothing else. Where a store is missing for a read that is, it is made
# again; its own record stays.

KEYED = f"{BLOCK}-{{key}}"


rule time_access:
    input:
        **{name: file if callable(file) else ancient(file) for name, file in SOURCE_FILES.items()},
    output:
        record=f"results/{{name}}/records/{KEYED}.json",
    log:
        f"results/{{name}}/logs/{KEYED}.log",
    wildcard_constraints:
        operation=any_of(operations.chosen_by_config()),
    priority: lambda wildcards: measured().plan.priority(*place_of(wildcards))
    group:
        group_of
    threads: whole_machine
    resources:
        **{slot: takes(slot) for slot in SLOTS},
        mem_mb=memory_to_time,
        runtime=minutes_to_time,
    params:
        job=lambda wildcards: measured().jobs.parts(*place_of(wildcards)),
        store=store_of,
    message:
        "Timing {wildcards.operation}, {wildcards.part}, with {wildcards.backend}, block {wildcards.block}"
    script:
        "../scripts/time_block.py"


use rule time_access as time_store with:
    output:
        record=update(f"results/{{name}}/records/{KEYED}.json"),
        store=temp(directory(f"results/{{name}}/stores/{KEYED}")),
        # Of what must come back from it, for the jobs that read it.
        digests=temp(f"results/{{name}}/stores/{KEYED}.digests.npy"),
    wildcard_constraints:
        operation=any_of(STORE_OPERATIONS),


use rule time_access as time_read with:
    input:
        store=lambda wildcards: ancient(store_of(wildcards)),
        digests=lambda wildcards: ancient(f"{store_of(wildcards)}.digests.npy"),
        stored_record=lambda wildcards: ancient(record_of_store(wildcards)),
    wildcard_constraints:
        operation=any_of(READ_OPERATIONS),
