"""What a benchmark has measured before its end: a file, from which the next call goes on when one is stopped.

It is written after each sample. Of one part it holds the samples that were taken in the same way (settings) on the same
machine with the same program and peers (digest); the first sample that was not takes the place of them all.
"""

import datetime
from dataclasses import dataclass, field
from pathlib import Path

from ..store import load_json, write_json


@dataclass
class Unfinished:
    """`machine` and `digest` are those of this call, `parts` what the file holds of its device."""

    path: Path
    device: str
    machine: dict
    digest: str

    def __post_init__(self):
        self.devices = load_json(self.path)
        self.parts = self.devices.setdefault(self.device, {})

    def part(self, name, settings, load):
        """The part's samples so far, to be added to. `load` is the machine's before this call's samples."""
        same = {"settings": settings, "machine": self.machine, "digest": self.digest}
        kept = self.parts.get(name, {})
        if any(kept.get(key) != value for key, value in same.items()):
            kept = {**same, "load": load, "measured": "", "rows": {}}
        return UnfinishedPart(self, name, kept, load)

    def write(self):
        write_json(self.path, self.devices)

    def end(self, finished):
        """Forgets the samples of a call that came to its end: `finished` has the names of rows by part."""
        for part, names in finished.items():
            rows = self.parts[part]["rows"]
            self.parts[part]["rows"] = {name: samples for name, samples in rows.items() if name not in names}
        for part in [name for name in self.parts if not self.parts[name]["rows"]]:
            del self.parts[part]
        if any(self.devices.values()):
            self.write()
        else:
            self.path.unlink(missing_ok=True)


@dataclass
class UnfinishedPart:
    """Samples by row. A row that failed in an earlier call has another try."""

    whole: Unfinished
    name: str
    kept: dict
    load: float
    samples: dict = field(init=False)

    def __post_init__(self):
        rows = self.kept["rows"]
        self.samples = {name: [each for each in rows[name] if "error" not in each] for name in rows}

    def of(self, row):
        return self.samples.get(row, [])

    def add(self, row, sample):
        """Keeps it in the file; the part is measured today, under the highest load of its calls."""
        self.samples.setdefault(row, []).append(sample)
        self.kept |= {"load": max(self.kept["load"], self.load), "measured": datetime.date.today().isoformat(),
                      "rows": self.samples}
        self.whole.parts[self.name] = self.kept
        self.whole.write()

    def result(self, rows):
        """The part as BENCHMARKS.json holds it, of these rows."""
        return {**{key: self.kept[key] for key in ("settings", "machine", "load", "measured")},
                "rows": {row: self.of(row) for row in rows}}
