"""BENCHMARKS.json: by kind of machine, then by part, the samples of each row and how they were taken."""

from ..store import Store
from .chapters import markdown
from .contestants import CONTESTANTS


def store_in(folder):
    return Store(folder, "BENCHMARKS", markdown)


def keep(store, device, part, measured):
    """Writes what was measured of a part; other kinds of machines and parts stay as they are."""
    results = store.load()
    parts = results.setdefault(kind_of_machine(device, measured["machine"]), {})
    parts[part] = merge(parts.get(part, {}), measured)
    store.write(results)


def kind_of_machine(device, machine):
    """What has a chapter of its own. A processor with AVX-512 that is kept from it stands for one without."""
    is_kept_from_it = machine.get("limits", {}).get("DNNL_MAX_CPU_ISA", "").startswith("AVX2")
    if device != "cpu" or "avx2" not in machine["instructions"]:
        return device
    return "cpu, avx-512" if "avx512f" in machine["instructions"] and not is_kept_from_it else "cpu, avx2"


def merge(old, new):
    """Other contestants' rows stay where they were measured in the same way on the same machine."""
    same = old.get("settings") == new["settings"] and old.get("machine") == new["machine"]
    rows = {**(old["rows"] if same else {}), **new["rows"]}
    others = [name for name in rows if name not in CONTESTANTS]
    return {**new, "rows": {name: rows[name] for name in [*CONTESTANTS, *others] if name in rows}}
