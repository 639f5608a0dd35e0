"""Why jobs of a cluster failed, found in their logs and said where people look."""

import re
from pathlib import Path

FOLDER = Path(".snakemake/slurm_logs")
"""Where Snakemake's plugin keeps a log for each job that did not succeed."""

PROFILE = "workflow/profiles/slurm/profile.yaml"
ALL_OF_IT = "--set-resources or set-resources in " + PROFILE

CAUSES = {
    r"exceeded (job |step )?memory limit|oom[-_ ]kill|out[-_ ]of[-_ ]memory": (
        f"needed more memory than it asked for: raise mem_mb of its rule, by {ALL_OF_IT}"
    ),
    r"DUE TO TIME LIMIT": (
        f"needed more time than it asked for: raise runtime of its rule, by {ALL_OF_IT}"
    ),
    r"DUE TO NODE FAILURE": "lost its node: run again",
    r"\*\*\* (JOB|STEP) .*CANCELLED AT": "was cancelled (CANCELLED): run again",
}
"""What Slurm writes into the log of a job that it ends, and what that means; the gravest first."""


def cause(log: str) -> str | None:
    """Say in one line why a job failed, as far as its log tells.

    Args:
        log: the whole text of it.

    Returns:
        What happened and what to do; the first line that the job itself says why with; or None.
    """
    for pattern, words in CAUSES.items():
        if re.search(pattern, log, re.IGNORECASE):
            return words
    own = re.search(r"^error: .*$", log, re.MULTILINE)
    return own.group() if own else None


def causes(since: float, folder: Path = FOLDER) -> list[str]:
    """List why jobs failed, a line each.

    Args:
        since: logs that were last written before this time, in seconds since the epoch, are of
            earlier runs.
        folder: of the logs.
    """
    lines = []
    for path in sorted(folder.rglob("*.log")):
        if path.stat().st_mtime >= since:
            found = cause(path.read_text(encoding="utf-8", errors="replace"))
            name = path.parent.relative_to(folder).parts[0]
            words = found or "failed for a reason of its own"
            lines.append(f"cluster job {path.stem} ({name}) {words}; its log is {path}")
    return lines
