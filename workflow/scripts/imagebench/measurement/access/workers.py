"""Several processes that read one store at once, each with handles of its own."""

import multiprocessing
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from ...failures import BenchmarkError, describe, end_with
from ..clock import Timed, cpu_seconds, device_bytes
from ..samples import Array, prepare
from .base import Indices, Operation, Pieces, Target

SECONDS_TO_ANSWER = 600
"""A worker that has said nothing for so long hangs: some libraries do once they are forked."""


def shared_arrays(path: Path, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """Map a file as an array of all images and one of all labels, in the order they are asked for.

    (The standard library's shared memory is removed, before Python 3.13, by whichever process ends
    first.)
    """
    images = np.memmap(path, np.uint8, "r+", 0, shape)
    return images, np.memmap(path, np.uint8, "r+", images.nbytes, shape[:1])


class WorkersOperation(Operation):
    """Each of ``workers`` processes reads every n-th batch, as PyTorch's loader hands them out.

    They are started, have imported what they need and opened the store before the clock starts, as
    in training after its first moment. What they read comes back through shared memory.
    """

    settings = ("batch_size", "workers")
    method: ClassVar[str]
    """How processes are started: "fork" or "spawn"."""

    shared: tuple[Array, Array]
    processes: list[BaseProcess]
    connections: list[Connection]

    def images(self, stored: int) -> int:
        """All of them."""
        return stored

    def start(self, target: Target) -> None:
        """Start the workers; here, nothing of the backend is used, so that it can be forked."""
        if self.method not in multiprocessing.get_all_start_methods():
            raise BenchmarkError(
                f"this system cannot start processes by {self.method}: take the operation out of "
                "access in the config"
            )
        self.target = target
        context: Any = multiprocessing.get_context(self.method)
        self.processes, self.connections = [], []
        memory = Path("/dev/shm")  # noqa: S108
        with tempfile.NamedTemporaryFile(dir=memory if memory.is_dir() else None) as file:
            file.truncate(int(np.prod(target.shape)) + target.shape[0])
            self.shared = shared_arrays(Path(file.name), target.shape)
            for array in self.shared:
                array[...] = 1  # so that the pages are there before the clock starts
            with hidden_main():
                for number in range(target.settings["workers"]):
                    here, there = context.Pipe()
                    arguments = there, target, Path(file.name), number, os.getpid()
                    process = context.Process(target=work, args=arguments)
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")  # of a fork: nothing is used in both
                        process.start()
                    there.close()
                    self.processes.append(process)
                    self.connections.append(here)
            self.answers()

    def open(self) -> None:
        """Let each worker open the store."""
        self.ask("open")

    def close(self) -> None:
        """Let each worker close it."""
        self.ask("close")

    def read(self, indices: Indices) -> Pieces:
        """Let the workers read, and view what they have brought."""
        self.ask("read", indices)
        return [self.shared]

    def timed(self, indices: Indices) -> Timed[Pieces]:
        """Time from asking the workers until the last of them is done.

        The processors' time and the bytes from the device are those of the workers.
        """
        before = self.ask("spent")
        start = time.perf_counter_ns()
        pieces = self.read(indices)
        stop = time.perf_counter_ns()
        after = self.ask("spent")
        spent = [sum_known(pair) for pair in zip(total(before), total(after), strict=True)]
        return Timed(
            pieces,
            seconds=(stop - start) / 1e9,
            cpu_user_seconds=spent[0] or 0.0,
            cpu_system_seconds=spent[1] or 0.0,
            bytes_read=None if spent[2] is None else int(spent[2]),
            bytes_written=None if spent[3] is None else int(spent[3]),
        )

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
        for number, connection in enumerate(self.connections):
            who = f"worker {number} ({self.method}) on {self.target.store}"
            if not connection.poll(SECONDS_TO_ANSWER):
                raise BenchmarkError(
                    f"{who} has said nothing for {SECONDS_TO_ANSWER} s: a library of "
                    f"{self.target.name} does not work in such a process; take the operation out "
                    "of access in the config, or the format out of backends"
                )
            try:
                failed, answer = connection.recv()
            except EOFError:
                raise BenchmarkError(f"{who} has died without a word") from None
            if failed:
                raise BenchmarkError(f"{who}: {answer}")
            found.append(answer)
        return found

    def stop(self) -> None:
        """End the workers."""
        for connection in self.connections:
            with suppress(OSError):
                connection.send(("stop",))
        for process in self.processes:
            process.join(5)
            if process.is_alive():
                process.kill()
                process.join()


def total(spent: list[tuple[float | None, ...]]) -> list[float | None]:
    """Add up what the workers have spent; None where one of them does not know."""
    return [
        None if None in column else sum(value for value in column if value is not None)
        for column in zip(*spent, strict=True)
    ]


def sum_known(pair: tuple[float | None, float | None]) -> float | None:
    """Subtract what was before from what was after; None where either is not known."""
    before, after = pair
    return None if before is None or after is None else after - before


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


def work(connection: Connection, target: Target, memory: Path, number: int, parent: int) -> None:
    """Do what one worker is asked, until nobody asks any more."""
    end_with(parent)
    try:
        worker = Worker(target, memory, number)
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

    def __init__(self, target: Target, memory: Path, number: int) -> None:
        """Import what reading needs, by storing and reading a blank image."""
        self.target, self.number = target, number
        self.backend = target.load(target.name)
        own = target.store.with_name(f"{target.store.name}.worker-{number}")
        prepare(self.backend, target.shape[1:], own)
        self.images, self.labels = shared_arrays(memory, target.shape)

    def open(self) -> None:
        """Open the store, in this process."""
        self.reader = self.backend.open(self.target.store)

    def close(self) -> None:
        """Close it."""
        self.reader.close()

    def spent(self) -> tuple[float | None, ...]:
        """CPU seconds and bytes of this process so far."""
        return (*cpu_seconds(), *device_bytes())

    def read(self, indices: Indices) -> None:
        """Read this worker's batches into the memory that all share."""
        size = self.target.settings["batch_size"]
        step = size * self.target.settings["workers"]
        for start in range(self.number * size, len(indices), step):
            part = slice(start, min(start + size, len(indices)))
            self.images[part], self.labels[part] = self.reader.read_at(indices[part])
