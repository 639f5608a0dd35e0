"""What a terminal shows of a run: one line, in place of Snakemake's twelve for each job.

``snakemake --logger imagebench`` shows it. Snakemake imports this package whenever it starts. The
library is imported when a run goes on, since only the Snakefile says which copy of it is meant.
"""

import logging
import signal
import sys
import threading
from collections.abc import Mapping
from types import FrameType
from typing import Any

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from .progress import Progress

LAST = ("all", "page")
"""Rules without a job of their own, whose messages say what came out."""

UNTOLD = (
    LogEvent.WORKFLOW_STARTED, LogEvent.RESOURCES_INFO, LogEvent.GROUP_INFO, LogEvent.JOB_STARTED,
    LogEvent.SHELLCMD, LogEvent.RULEGRAPH,
)  # fmt: skip
"""What Snakemake says of a run beside what its one line says."""

CHATTER = (
    "host: ",
    "Select jobs to execute",
    "Removing temporary output",
    "Touching output file",
    "DAG of jobs will be updated",
)
"""What Snakemake says between jobs without a name for it."""

KIND = ("location", "backend", "operation", "part")
"""Wildcards that are the same for the blocks of one measurement, which take about as long."""


class LogHandler(LogHandlerBase):
    """Tells of jobs in one line; of a dry run, and with --verbose, all that Snakemake tells."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = False
    has_formatter = False
    needs_rulegraph = False

    def __post_init__(self) -> None:
        """Begin to listen."""
        self.stream = sys.stdout if self.common_settings.stdout else sys.stderr
        self.progress = Progress(self.stream)
        self.unseen = 0  # rules of LAST in Snakemake's count of jobs
        self.was_job = self.is_interrupted = False
        self.as_snakemake = self.common_settings.dryrun or self.common_settings.verbose
        self.note_interrupts()

    def note_interrupts(self) -> None:
        """Note when somebody presses Ctrl-C: what fails from then on is no error."""
        handle = signal.getsignal(signal.SIGINT)
        # Ctrl-C may be ignored, as it is by what runs in the background.
        if not callable(handle) or threading.current_thread() is not threading.main_thread():
            return

        def note(number: int, frame: FrameType | None) -> object:
            self.is_interrupted = True
            return handle(number, frame)

        signal.signal(signal.SIGINT, note)

    def emit(self, record: logging.LogRecord) -> None:
        """Tell what a record says."""
        try:
            if not self.is_told(record):
                self.progress.make_room()
                is_job = getattr(record, "event", None) == LogEvent.JOB_INFO
                if text := self.format(record):
                    blank = "\n" if is_job and not self.was_job else ""  # as Snakemake has it
                    print(f"{blank}{text}", file=self.stream, flush=True)
                self.was_job = is_job
        except BrokenPipeError:
            raise
        except Exception:
            self.handleError(record)

    def is_told(self, record: Any) -> bool:
        """Tell what a record says of a job, in the one line.

        Args:
            record: has the attributes that Snakemake gives to its event.

        Returns:
            Whether nothing of the record is left to be told.
        """
        event = getattr(record, "event", None)
        if self.is_interrupted and record.levelno >= logging.ERROR:
            return True
        if self.as_snakemake:
            return False
        match event:
            case LogEvent.RUN_INFO:
                jobs = {**record.stats}
                self.unseen = sum(jobs.pop(rule, 0) for rule in LAST)
                del jobs["total"]
                self.progress.expect(jobs)
            case LogEvent.PROGRESS:
                self.progress.expect_in_all(record.total - self.unseen)
            case LogEvent.JOB_INFO if record.rule_name in LAST:
                if record.rule_msg:
                    self.progress.say(record.rule_msg)
            case LogEvent.JOB_INFO:
                kind = tuple(record.wildcards.get(name) for name in KIND)
                words = in_plain_words(record.wildcards, record.rule_msg or record.rule_name)
                self.progress.started(record.jobid, record.rule_name, kind, words)
            case LogEvent.JOB_FINISHED:
                self.progress.finished(record.job_id)
            case LogEvent.JOB_ERROR:
                self.progress.failed(record.jobid)
                return False
            case _:
                is_chatter = record.levelno <= logging.INFO and self.is_chatter(record)
                return event in UNTOLD or is_chatter
        return True

    @staticmethod
    def is_chatter(record: logging.LogRecord) -> bool:
        """Whether Snakemake says this between any two jobs."""
        return record.getMessage().startswith(CHATTER)

    def close(self) -> None:
        """Say how a run goes on that somebody has ended."""
        self.progress.make_room()
        if self.is_interrupted:
            self.progress.say("interrupted: the same command goes on where this ended")
            self.is_interrupted = False
        super().close()


def in_plain_words(wildcards: Mapping[str, str], message: str) -> str:
    """Say what a job does."""
    if "operation" not in wildcards:
        return message
    from imagebench import formats, vocabulary, wording

    title = vocabulary.of_operation(wildcards["operation"]).title
    images = wording.counted(int(wildcards["part"].partition("-")[0]), "image")
    label = formats.words_of(wildcards["backend"])["label"]
    return f"{title}: {label}, {images}, block {wildcards['block']}"
