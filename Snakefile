# The workflow, for this folder; workflow/rules/chain.smk shows it at a glance.


include: "workflow/rules/chain.smk"


rule all:
    default_target: True
    input:
        everything,
