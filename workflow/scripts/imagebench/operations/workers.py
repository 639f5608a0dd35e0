"""Several processes that read one store at once, each with handles of its own."""

import multiprocessing
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from operator import itemgetter
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from ..contract import Indices
from ..deaths import raise_for
from ..digests import image_digests
from ..errors import BenchmarkError, describe
from ..measuring.memory import keep_memory
from ..measuring.own_memory import own_memory_bytes, private_bytes
from ..measuring.samples import prepare
from ..measuring.stopwatch import Stopwatch, cpu_seconds, device_bytes
from ..memory_limits import kills_for_memory
from ..modes import OneMode
from ..pieces import Digests, Kind, Piece
from ..processes import end_with, held_back
from .access import Access, Pieces, opened
from .base import Target

SECONDS_TO_ANSWER = 600
"""A worker that has said nothing for so long hangs: some libraries do once they are forked."""

SECONDS_TO_END = 5


class ByWorkers(Access):
    """Each of ``workers`` processes reads every n-th batch, as PyTorch's loader hands them out.

    They are started, have imported what they need and opened the store before the clock starts, as
    in training after its first moment. What they read stays with them: each digests it there, after
    the clock has stopped.
    """

    settings = ("batch_size", "workers")
    method: ClassVar[str]
    """How processes are started: "fork" or "spawn"."""

    kills: tuple[int | None, ...]
    processes: list[BaseProcess]
    connections: list[Connection]

    def start(self) -> None:
        """Start the workers; here, nothing of the backend is used, so that it can be forked."""
        if self.method not in multiprocessing.get_all_start_methods():
            raise BenchmarkError(
                f"this system cannot start processes by {self.method}: take the operation out of "
                "access in the config"
            )
        context: Any = multiprocessing.get_context(self.method)
        self.processes, self.connections = [], []
        self.kills = kills_for_memory()
        if self.method == "spawn" and os.name == "posix":
            # Where Python starts this by itself, it lets go of the signals that are held back.
            resource_tracker.ensure_running()
        target = self.work.target
        try:
            for number in range(target.settings["workers"]):
                here, there = context.Pipe()
                arguments = there, target, self.kind, self.one_mode
                who = {"number": number, "parent": os.getpid()}
                process = context.Process(target=work_until_told, args=arguments, kwargs=who)
                with hidden_main(), held_back(), warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # of a fork: nothing is used in both
                    process.start()
                    self.processes.append(process)
                    self.connections.append(here)
                there.close()
            self.answers()
        except BaseException:
            self.stop()
            raise

    def open(self) -> None:
        self.ask("open")

    def close(self) -> None:
        self.ask("close")

    def stopwatch(self) -> Stopwatch:
        """Make a clock that counts what the workers spend."""
        return WorkersStopwatch(self)

    def read_images(self, indices: Indices) -> Pieces:
        """Let the workers read; what they have read stays with them."""
        self.ask("read", indices)
        return []

    def digests(self, part: Pieces) -> Digests:
        """Put the digests together that the workers have made, each of the batches it has read."""
        found = sorted((pair for pairs in self.ask("digests") for pair in pairs), key=itemgetter(0))
        return np.concatenate([digests for _, digests in found])

    def ask(self, *message: Any) -> list[Any]:
        """Send the same to all workers, and wait for what each answers."""
        for connection in self.connections:
            connection.send(message)
        return self.answers()

    def answers(self) -> list[Any]:
        """Wait for one answer of each worker.

        Raises:
            BenchmarkError: if one has failed, has died or says nothing.
        """
        found = []
        target = self.work.target
        for number, connection in enumerate(self.connections):
            who = f"worker {number} ({self.method}) on {target.store}"
            if not connection.poll(SECONDS_TO_ANSWER):
                raise BenchmarkError(
                    f"{who} has said nothing for {SECONDS_TO_ANSWER} s: a library of "
                    f"{target.name} does not work in such a process; take the operation out of "
                    "access in the config, or the format out of backends"
                )
            try:
                failed, answer = connection.recv()
            except (EOFError, ConnectionResetError):
                self.processes[number].join(SECONDS_TO_END)
                code = self.processes[number].exitcode
                if code is not None and code < 0:
                    raise_for(-code, str(target.store), self.kills)
                raise BenchmarkError(f"{who} has died without a word") from None
            if failed:
                raise BenchmarkError(f"{who}: {answer}")
            found.append(answer)
        return found

    def stop(self) -> None:
        for connection in self.connections:
            with suppress(OSError):
                connection.send(("stop",))
        for process in self.processes:
            process.join(SECONDS_TO_END)
            if process.is_alive():
                process.kill()
                process.join()


class WorkersStopwatch(Stopwatch):
    """Processors' time and bytes of all workers together; while it stands, they verify."""

    def __init__(self, workers: ByWorkers) -> None:
        super().__init__()
        self.workers = workers

    def counters(self) -> list[Any]:
        columns = zip(*self.workers.ask("spent"), strict=True)
        return [None if None in column else sum(column) for column in columns]

    def others(self) -> list[Any]:
        return [None, None]

    def own_memory(self) -> int | None:
        """Add what each worker has filled; what it shares with the job counts once."""
        each = [private_bytes(process.pid or 0) for process in self.workers.processes]
        found = [own_memory_bytes(), *each]
        return None if None in found else sum(filter(None, found))


@contextmanager
def hidden_main() -> Iterator[None]:
    """Let a new process not run the script of this one again, which is how spawning begins."""
    main: ModuleType = sys.modules["__main__"]
    hidden: dict[str, Any] = {
        name: vars(main).pop(name) for name in ("__file__", "__spec__") if name in vars(main)
    }
    main.__spec__ = None
    try:
        yield
    finally:
        vars(main).update(hidden)


def work_until_told(
    connection: Connection,
    target: Target,
    kind: Kind,
    one_mode: OneMode | None,
    *,
    number: int,
    parent: int,
) -> None:
    """Do what one worker is asked, until nobody asks any more."""
    end_with(parent)
    try:
        worker = Worker(target, kind, one_mode, number)
        connection.send((False, None))
        while True:
            name, *arguments = connection.recv()
            if name == "stop":
                return
            connection.send((False, getattr(worker, name)(*arguments)))
    except (EOFError, BrokenPipeError):
        return
    except Exception as error:
        connection.send((True, describe(error)))


class Worker:
    """What one process does."""

    parts: list[list[tuple[int, Piece]]]
    """Batches of each time that it was asked to read, which wait to be digested."""

    def __init__(self, target: Target, kind: Kind, one_mode: OneMode | None, number: int) -> None:
        """Import what reading needs, by storing and reading a blank image of this kind."""
        self.target, self.one_mode, self.number = target, one_mode, number
        self.backend = target.load(target.name)
        own = target.store.with_name(f"{target.store.name}.worker-{number}")
        prepare(self.backend, kind, own)
        self.parts = []
        keep_memory(0)

    def open(self) -> None:
        self.reader = opened(self.backend, self.target.store, self.one_mode)

    def close(self) -> None:
        self.parts = []
        self.reader.close()

    def spent(self) -> tuple[float | None, ...]:
        """CPU seconds and bytes of this process so far."""
        return (*cpu_seconds(), *device_bytes())

    def read(self, indices: Indices) -> None:
        size = self.target.settings["batch_size"]
        step = size * self.target.settings["workers"]
        batches = [
            (start, self.reader.read_at(indices[start : start + size]))
            for start in range(self.number * size, len(indices), step)
        ]
        self.parts.append(batches)

    def digests(self) -> list[tuple[int, Digests]]:
        """Digest what was read first: each batch's place among the indices, and its digests."""
        return [(start, image_digests(*batch)) for start, batch in self.parts.pop(0)]
