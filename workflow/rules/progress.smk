# Needs: the plan of common.smk. Makes: what a terminal shows of a run while it goes on; no rules.

from collections import Counter

from imagebench import wording
from imagebench.progress import Progress


def kind_of(rule, wildcards):
    """Say which jobs take about as long as each other: blocks of the same."""
    if "operation" not in wildcards:
        return rule
    return tuple(wildcards[name] for name in ("location", "backend", "operation", "part"))


def in_plain_words(wildcards, message):
    """Say what a job does."""
    if "operation" not in wildcards:
        return message
    title = vocabulary.of_operation(wildcards["operation"]).title
    images = wording.counted(stored_in(wildcards["part"]), "image")
    label = formats.words_of(wildcards["backend"])["label"]
    return f"{title}: {label}, {images}, block {wildcards['block']}"


def show_progress():
    """Tell in one line what is being done, how much is done, and about how long the rest takes."""
    jobs = [job for job in jobs_to_run() if not job.rule.norun]
    kinds = Counter(kind_of(job.rule.name, job.wildcards_dict) for job in jobs)
    sizes = {kind: stored_in(kind[-1]) for kind in kinds if isinstance(kind, tuple)}

    def started(progress, record):
        if record.rule_name in ("all", "page"):
            progress.say(record.rule_msg)
            return
        kind = kind_of(record.rule_name, record.wildcards)
        words = in_plain_words(record.wildcards, record.rule_msg or record.rule_name)
        progress.started(record.jobid, kind, words)

    tell_of_jobs(lambda stream: Progress(stream, kinds, sizes), started)
