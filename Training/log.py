"""Training's log: one JSON object a line in a file, a line of text on the terminal."""

import json
import time
from pathlib import Path


class Log:
    """Averages the measures of the steps and writes them out every so often."""

    def __init__(self, path: Path, stage: str, every: int = 10):
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._stage, self._every = path, stage, every
        self._sums: dict[str, list[float]] = {}
        self._steps, self._start, self._first = 0, time.monotonic(), None

    def add(self, seen: int, loss: float, measures: dict[str, float]) -> None:
        """Counts a step's loss and measures in; measures that are not a number (of nothing) are left out."""
        self._first = seen if self._first is None else self._first
        for name, value in {"loss": loss, **measures}.items():
            if value == value:
                self._sums.setdefault(name, []).append(value)
        self._steps += 1
        if self._steps % self._every == 0:
            rate = (seen - self._first) / max(1e-6, time.monotonic() - self._start)
            means = {name: round(sum(values) / len(values), 4) for name, values in self._sums.items()}
            self.write({"seen": seen, "per_second": round(rate, 1), **means})
            self._sums, self._start, self._first = {}, time.monotonic(), seen

    def write(self, record: dict) -> None:
        """Appends a record with the stage and the time of day."""
        record = {"stage": self._stage, "at": time.strftime("%H:%M:%S"), **record}
        with self._path.open("a") as file:
            file.write(json.dumps(record) + "\n")
        print(" ".join(f"{key}={value}" for key, value in record.items()), flush=True)
