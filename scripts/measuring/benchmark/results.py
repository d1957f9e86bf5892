"""BENCHMARKS.json: by device, then by part, the samples of each row and how they were taken."""

from ..store import Store
from .chapters import markdown
from .contestants import CONTESTANTS


def store_in(folder):
    return Store(folder, "BENCHMARKS", markdown)


def keep(store, device, part, measured):
    """Writes what was measured of a part; other devices and parts stay as they are."""
    results = store.load()
    parts = results.setdefault(device, {})
    parts[part] = merge(parts.get(part, {}), measured)
    store.write(results)


def merge(old, new):
    """Other contestants' rows stay where they were measured in the same way on the same machine."""
    same = old.get("settings") == new["settings"] and old.get("machine") == new["machine"]
    rows = {**(old["rows"] if same else {}), **new["rows"]}
    others = [name for name in rows if name not in CONTESTANTS]
    return {**new, "rows": {name: rows[name] for name in [*CONTESTANTS, *others] if name in rows}}
