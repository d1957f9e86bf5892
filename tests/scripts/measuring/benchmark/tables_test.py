"""Tests the tables of BENCHMARKS.md on small results, worked out by hand."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.benchmark import many_processes, tables  # noqa: E402
from measuring.benchmark.chapters import HEAD, markdown  # noqa: E402


def trained(seconds, epochs, loss, memory):
    return {"seconds": seconds, "epoch_seconds": epochs, "loss": loss, "peak_mb": memory}


ROWS = {
    "autoencoder": [trained(10, [9, 1, 3], 0.5, 100), trained(12, [9, 3, 3], 0.5, 300)],  # 2 and 3 s an epoch
    "pytorch-eager": [trained(22, [5, 5], 0.509, 400), {"error": "a | b"}],
    "jax-scan": [trained(33, [10], 0.512, 100)],
    "keras-jax": [{"error": "no memory"}],
    "limit": [{"seconds": 9, "epoch_seconds": [1, 1], "peak_mb": 9}],
}
MACHINE = {"processor": "Some Processor", "cores": 2, "memory_gb": 8, "instructions": ["avx2"], "gpu": "",
           "versions": {"autoencoder": "autoencoder 0.1.0", "torch": "2.0"}}


class Tables(unittest.TestCase):
    def lines(self, table, rows, **settings):
        return "\n".join(table({"rows": rows, "settings": settings}))

    def test_training(self):
        self.assertEqual(self.lines(tables.training_table, ROWS), """\
|  | s an epoch | minimum | spread | x ours | final loss | start to exit, s | x ours | peak memory, MB | x ours | rounds |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| autoencoder | 2.500 | 2.000 | 40 % | 1.00 | 0.5 | 11.0 | 1.00 | 200 | 1.00 | 2 |
| pytorch-eager | 5.000 | 5.000 |  | 2.00 | 0.509 | 22.0 | 2.00 | 400 | 2.00 | 1, then: a / b |
| jax-scan | 10.000 | 10.000 |  | 4.00 | **0.512 (+2 %)** | 33.0 | 3.00 | 100 | 0.50 | 1 |
| keras-jax | failed: no memory |  |  |  |  |  |  |  |  |  |
| limit | 1.000 | 1.000 |  | 0.40 |  |  |  |  |  | 1 |""")

    def test_without_ours_there_is_nothing_to_compare_with(self):
        self.assertEqual(self.lines(tables.training_table, {"jax-scan": ROWS["jax-scan"]}).splitlines()[2],
                         "| jax-scan | 10.000 | 10.000 |  |  | 0.512 | 33.0 |  | 100 |  | 1 |")

    def test_inference(self):
        def rates(one, many):
            return {"seconds": 1, "encode": {"1": one, "1000": many}, "reconstruct": {"1": one / 2, "1000": many / 2}}

        rows = {"autoencoder": [rates(100, 2000), rates(300, 2000)], "pytorch-eager": [rates(400, 1000)],
                "torch-compile": [{"error": "x"}]}
        self.assertEqual(self.lines(tables.inference_table, rows, batch_sizes=["1", "1000"]), """\
| images a second | encode, batch 1 | encode, batch 1,000 | reconstruct, batch 1 | reconstruct, batch 1,000 | rounds |
| --- | --- | --- | --- | --- | --- |
| autoencoder | 200 (1.00) | 2,000 (1.00) | 100 (1.00) | 1,000 (1.00) | 2 |
| pytorch-eager | 400 (0.50) | 1,000 (2.00) | 200 (0.50) | 500 (2.00) | 1 |
| torch-compile | failed: x |  |  |  |  |""")

    def test_large(self):
        rows = {"autoencoder": [trained(10, [9, 2], 0.5, 100) | {"examples": 400}],
                "pytorch-dataloader": [trained(40, [9, 6], 0.5, 50) | {"examples": 400}], "jax": [{"error": "x"}]}
        self.assertEqual(self.lines(tables.large_table, rows), """\
|  | s an epoch after the first | x ours | start to exit, s | x ours | examples a second, start to exit | peak memory, MB | x ours | final loss | rounds |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| autoencoder | 2.00 | 1.00 | 10.0 | 1.00 | 40 | 100 | 1.00 | 0.5 | 1 |
| pytorch-dataloader | 6.00 | 3.00 | 40.0 | 4.00 | 10 | 50 | 0.50 | 0.5 | 1 |
| jax | failed: x |  |  |  |  |  |  |  |  |""")

    def test_endurance(self):
        counts = {"good": 1000, "wrong": 0, "unanswered": 1, "refused": 20, "misjudged": 0, "broken": 30, "slow": 4}
        memory = {"settled_mb": 300.4, "last_mb": 310.6, "peak_mb": 320}
        rows = {"autoencoder serve": [counts | memory], "other": [{"error": "x"}]}
        self.assertEqual(self.lines(tables.endurance_table, rows), """\
|  | right answers | wrong | none in time | bad requests refused | not as they should be | broken off | slow clients | memory, MB: settled | at the end | peak |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| autoencoder serve | 1,000 | 0 | 1 | 20 | 0 | 30 | 4 | 300 | 311 | 320 |
| other | failed: x |  |  |  |  |  |  |  |  |  |""")

    def test_command(self):
        rows = {"autoencoder": [trained(10, [9, 2, 3], 1, 100)], "pytorch-script": [trained(25, [7], 1, 50)]}
        self.assertEqual(self.lines(tables.command_table, rows).splitlines()[2:], [
            "| autoencoder | 10.0 | 10.0 |  | 1.00 | 100 | 1.00 | 1.50 | 1 |",
            "| pytorch-script | 25.0 | 25.0 |  | 2.50 | 50 | 0.50 | 1.00 | 1 |"])

    def test_start(self):
        rows = {"a": [{"seconds": 1}, {"seconds": 2}, {"seconds": 4}], "b": [{"error": "x"}]}
        self.assertEqual(self.lines(tables.start_table, rows).splitlines()[2:],
                         ["| `a` | 2.00 | 1.00 | 150 % | 3 |", "| `b` | failed: x |  |  |  |"])

    def test_libraries_are_told_with_their_rows(self):
        rows = {"autoencoder": [{"blas": "oneDNN 2.6.3"}], "pytorch-eager": [{"blas": "MKL 2024.2"}, {"error": "x"}],
                "jax-scan": [{"error": "x"}], "limit": [{"blas": "MKL 2024.2"}]}
        self.assertEqual(self.lines(tables.libraries, rows),
                         "\nMatrix products of autoencoder: oneDNN 2.6.3; pytorch-eager, limit: MKL 2024.2.")
        self.assertEqual(self.lines(tables.libraries, ROWS), "")

    def test_sweep(self):
        rows = {"autoencoder 1000": [trained(1, [2, 2], 1, 1)], "pytorch-eager 1000": [trained(1, [4, 4], 1, 1)],
                "autoencoder 2000": [trained(1, [3, 3], 1, 1)], "pytorch-eager 2000": [{"error": "x"}]}
        self.assertEqual(self.lines(tables.sweep_table, rows, swept="images", values=[1000, 2000],
                                    contestants=["autoencoder", "pytorch-eager"]), """\
| images | autoencoder, s an epoch | x the row above | pytorch-eager, s an epoch | x the row above | pytorch-eager x ours |
| --- | --- | --- | --- | --- | --- |
| 1,000 | 2.000 |  | 4.000 |  | 2.00 |
| 2,000 | 3.000 | 1.50 | failed |  |  |""")

    def test_scaling(self):
        def by(count, batch, images, seconds):
            return trained(9, [9, seconds], 0.5, 100) | {"processes": count, "batch": batch, "images": images}

        rows = {"1 process": [by(1, 64, 1000, 2)], "2 processes, mpirun": [by(2, 128, 2000, 2.5)],
                "2 processes, --workers": [{"error": "x"}]}
        self.assertEqual(self.lines(tables.scaling_table, rows), """\
|  | batch | images | s an epoch | spread | gain | efficiency | final loss | rounds |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| 1 process | 64 | 1,000 | 2.000 |  | 1.00 | 1.00 | 0.5 | 1 |
| 2 processes, mpirun | 128 | 2,000 | 2.500 |  | 1.60 | 0.80 | 0.5 | 1 |
| 2 processes, --workers | failed: x |  |  |  |  |  |  |  |""")


class Text(unittest.TestCase):
    def part(self, machine=MACHINE):
        return {"settings": {"description": "a network", "images": 48_000, "batch": 256, "epochs": 6, "threads": 2},
                "machine": machine, "load": 0.46, "measured": "2020-01-02", "rows": {"limit": ROWS["limit"]}}

    def test_a_part_stands_under_its_device_and_chapter(self):
        table = "\n".join(tables.training_table(self.part()))
        self.assertEqual(markdown({"cpu": {"training dense": self.part()}}), f"""\
{HEAD}

## CPU

Machine: Some Processor, 2 core(s), 8 GB; avx2; autoencoder 0.1.0, torch 2.0.

### Training

#### dense

a network; 48,000 images, batch 256, 6 epochs, 2 thread(s).
Measured 2020-01-02, load average before it 0.5.

{table}""")

    def test_other_machines_are_named_with_their_parts(self):
        other = MACHINE | {"processor": "Other", "instructions": [], "gpu": "Some GPU"}
        limited = MACHINE | {"limits": {"DNNL_MAX_CPU_ISA": "AVX2"}}
        text = markdown({"cuda": {"training dense": self.part(), "training vae": self.part(other),
                                  "training conv": self.part(limited)}})
        self.assertIn("- Machine of training dense: Some Processor, 2 core(s), 8 GB; avx2;", text)
        self.assertIn("- Machine of training vae: Other, 2 core(s), 8 GB; Some GPU; "
                      "none of avx2, avx512f, avx512_bf16, amx_bf16;", text)
        self.assertIn("- Machine of training conv: Some Processor, 2 core(s), 8 GB; avx2, DNNL_MAX_CPU_ISA=AVX2; ", text)

    def test_many_processes(self):
        epochs = {"epoch_seconds": [9, 2, 4, 3]}  # 3 s of 300 steps
        part = {"settings": {"images": 29_999, "batch": 100, "network": {"hidden": 128, "code": 32}},
                "rows": {"1 process, --reproducible": [epochs]}}
        self.assertEqual("\n".join(tables.many_processes_table(part, 10)), """\
| step of 1 ms | 8 processes | 64 processes | 256 processes | 1,024 processes |
| --- | --- | --- | --- | --- |
| 10 Gbit/s Ethernet | 32 % | 19 % | 15 % | 12 % |
| 100 Gbit/s Ethernet | 81 % | 68 % | 62 % | 56 % |
| InfiniBand NDR, 400 Gbit/s | 95 % | 90 % | 87 % | 84 % |""")

    def test_parameters(self):
        self.assertEqual(many_processes.parameters_of({"hidden": 128, "code": 32}), 209_968)
        self.assertEqual(many_processes.parameters_of({"channels": [32, 64], "code": 32}), 241_441)


if __name__ == "__main__":
    unittest.main()
