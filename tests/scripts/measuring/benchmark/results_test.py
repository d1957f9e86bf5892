"""Tests what stays in BENCHMARKS.json when a part is measured anew."""

import json
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.benchmark.chapters import markdown  # noqa: E402
from measuring.benchmark.results import keep, kind_of_machine, merge, store_in  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[4]
MACHINE = {"processor": "This", "cores": 2, "memory_gb": 8, "instructions": [], "gpu": "", "versions": {}}


def measured(rows, machine=MACHINE, threads=2):
    return {"settings": {"threads": threads}, "machine": machine, "load": 0.5, "measured": "2020-01-02",
            "rows": {name: [{"seconds": seconds}] for name, seconds in rows.items()}}


class Merged(unittest.TestCase):
    OLD = measured({"autoencoder": 1, "torch-compile": 1})

    def test_rows_measured_in_the_same_way_stay(self):
        merged = merge(self.OLD, measured({"pytorch-eager": 2, "autoencoder": 2}))
        self.assertEqual(merged, measured({"autoencoder": 2, "pytorch-eager": 2, "torch-compile": 1}))

    def test_rows_are_in_the_order_of_the_contestants(self):
        merged = merge(self.OLD, measured({"pytorch-script": 2}))
        self.assertEqual(list(merged["rows"]), ["autoencoder", "pytorch-script", "torch-compile"])

    def test_rows_of_another_machine_or_other_settings_go(self):
        for new in (measured({"pytorch-eager": 2}, threads=1), measured({"pytorch-eager": 2}, MACHINE | {"cores": 4})):
            self.assertEqual(merge(self.OLD, new), new)

    def test_rows_that_are_no_contestants_stay_in_their_order(self):
        merged = merge(measured({"b": 1, "a": 1}), measured({"c": 2, "a": 2}))
        self.assertEqual(list(merged["rows"].items()),
                         [("b", [{"seconds": 1}]), ("a", [{"seconds": 2}]), ("c", [{"seconds": 2}])])


class Written(unittest.TestCase):
    def test_other_parts_and_devices_stay_as_another_machine_left_them(self):
        with tempfile.TemporaryDirectory() as folder:
            store, other = store_in(pathlib.Path(folder)), MACHINE | {"processor": "Other", "gpu": "G"}
            keep(store, "cuda", "start", measured({"a": 1}, other))
            keep(store, "cpu", "start", measured({"a": 2}))
            keep(store, "cuda", "start", measured({"b": 3}, other))
            self.assertEqual(store.load(), {"cuda": {"start": measured({"a": 1, "b": 3}, other)},
                                            "cpu": {"start": measured({"a": 2})}})
            self.assertEqual(store.table.read_text(), f"{markdown(store.load())}\n")

    def test_processors_have_a_chapter_by_their_instructions(self):
        wide = MACHINE | {"instructions": ["avx2", "avx512f"]}
        self.assertEqual(kind_of_machine("cpu", wide), "cpu, avx-512")
        self.assertEqual(kind_of_machine("cpu", wide | {"limits": {"DNNL_MAX_CPU_ISA": "AVX2"}}), "cpu, avx2")
        self.assertEqual(kind_of_machine("cpu", MACHINE), "cpu")
        self.assertEqual(kind_of_machine("cuda", wide), "cuda")

    @unittest.skipUnless((ROOT / "BENCHMARKS.json").exists(), "no results here")
    def test_the_table_of_this_repository_is_that_of_its_results(self):
        results = json.loads((ROOT / "BENCHMARKS.json").read_text())
        self.assertEqual(f"{markdown(results)}\n", (ROOT / "BENCHMARKS.md").read_text())


if __name__ == "__main__":
    unittest.main()
