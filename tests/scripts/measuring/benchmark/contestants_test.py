"""Tests what contestants are asked, and what is read of their answers. Processes are made up."""

import json
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.benchmark import contestants, program  # noqa: E402
from measuring.benchmark.processes import Finished  # noqa: E402
from measuring.benchmark.workloads import WORKLOADS, Call  # noqa: E402
from measuring.ending import Failure  # noqa: E402

METRICS = "epoch,train_loss,train_seconds,images_per_second\n1,0.5,2.5,2400\n2,0.25,1.5,4000\n"


class Asked(unittest.TestCase):
    CALL = Call(WORKLOADS["masked"], "cpu", 2, seed=3)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.runs = pathlib.Path(folder.name)
        self.enterContext(mock.patch.object(contestants, "RUNS", self.runs))
        self.enterContext(mock.patch.object(contestants, "environment", return_value={}))
        self.execute = self.enterContext(mock.patch.object(contestants, "execute"))
        for module in (contestants, program):
            self.enterContext(mock.patch.object(module, "images_file",
                                                return_value=pathlib.Path("/mnist/train-images")))

    def answer(self, output):
        self.execute.return_value = Finished(9.5, 100, output)

    def words(self):
        return [str(word) for word in self.execute.call_args.args[0]]

    def test_ours_is_read_from_its_metrics(self):
        run = self.runs / "masked-autoencoder-bf16"
        run.mkdir()
        (run / "metrics.csv").write_text(METRICS)
        self.answer("")
        self.assertEqual(contestants.CONTESTANTS["autoencoder-bf16"].train(self.CALL),
                         {"seconds": 9.5, "peak_mb": 100, "epoch_seconds": [2.5, 1.5], "loss": 0.25})
        self.assertEqual(self.words(), [
            str(program.PROGRAM), *"train --model masked --data mnist --data-dir /mnist --limit 7500 "
            "--validation-fraction 0.2 --epochs 3 --batch-size 64 --learning-rate 0.001 --schedule constant "
            f"--precision bf16 --seed 3 --out {run} --force --device cpu --threads 2 --warmup 0 --quiet".split()])

    def test_a_run_that_learned_from_other_pictures_than_the_peers_is_no_measurement(self):
        run = self.runs / "masked-autoencoder"
        run.mkdir()
        (run / "metrics.csv").write_text(METRICS.replace("4000", "3000"))
        self.answer("")
        with self.assertRaisesRegex(Failure, "learned from 4500 examples an epoch, its peers from 6000"):
            contestants.CONTESTANTS["autoencoder"].train(self.CALL)

    def test_our_run_tells_what_computed_its_products(self):
        run = self.runs / "masked-autoencoder"
        run.mkdir()
        (run / "metrics.csv").write_text(METRICS)
        (run / "environment.json").write_text('{"LibTorch": "2.0", "BLAS": "oneDNN 2.6.3"}')
        self.answer("")
        self.assertEqual(contestants.CONTESTANTS["autoencoder"].train(self.CALL)["blas"], "oneDNN 2.6.3")

    def test_our_rates_are_what_it_prints(self):
        self.answer('{"encode": {"1": 10, "1000": 20}, "reconstruct": {"1": 1, "1000": 2}}')
        with mock.patch.object(contestants, "trained_run", return_value="RUN"):
            sample = contestants.CONTESTANTS["autoencoder"].measure_rates(self.CALL)
        self.assertEqual(sample, {"seconds": 9.5, "peak_mb": 100, "encode": {"1": 10, "1000": 20},
                                  "reconstruct": {"1": 1, "1000": 2}})
        self.assertEqual(self.words()[1:], "speed RUN --batch-sizes 1,1000 --json --device cpu --threads 2".split())

    def test_a_peer_is_read_from_its_last_line(self):
        self.answer('a warning\n{"epoch_seconds": [1, 2], "loss": 0.5}\n\n')
        self.assertEqual(contestants.CONTESTANTS["torch-compile-bf16"].train(self.CALL),
                         {"seconds": 9.5, "peak_mb": 100, "epoch_seconds": [1, 2], "loss": 0.5})
        _, script, settings = self.words()
        self.assertEqual(pathlib.Path(script).name, "pytorch.py")
        self.assertEqual(json.loads(settings), {
            "job": "train", "variant": "compile", "precision": "bf16", "workload": "masked",
            "network": WORKLOADS["masked"].network, "images": 6000, "batch": 64, "epochs": 3, "learning_rate": 0.001,
            "batch_sizes": [1, 1000], "threads": 2, "device": "cpu", "seed": 3, "data": "/mnist/train-images"})

    def test_all_learn_from_the_same_pictures_in_colour(self):
        call = Call(WORKLOADS["conv-128"], "cpu", 2)
        with mock.patch.object(program, "pictures_file", side_effect=lambda side, count: f"{count} of {side}"):
            ours = program.train_command(call, "RUN", "fp32")
            with mock.patch.object(contestants, "colour_pictures", program.colour_pictures):
                theirs = contestants.CONTESTANTS["pytorch-eager"].settings(call, "train")
        self.assertEqual(ours[ours.index("--model") + 1], "conv")
        self.assertEqual(ours[ours.index("--data") + 1], "640 of 128")
        self.assertEqual(ours[ours.index("--limit") + 1], 640)
        self.assertEqual(ours[ours.index("--test-fraction") + 1], 0)
        self.assertEqual((theirs["data"], theirs["images"]), ("640 of 128", 512))

    def test_a_peer_that_says_nothing_of_use_is_an_error(self):
        for output, error in (("", LookupError), ("a warning", ValueError)):
            self.answer(output)
            with self.assertRaises(error):
                contestants.CONTESTANTS["jax-scan"].measure_rates(self.CALL)

    def test_every_contestant_s_script_is_there_and_every_workload_s_contestant_known(self):
        for contestant in contestants.CONTESTANTS.values():
            if isinstance(contestant, contestants.Peer):
                self.assertTrue((contestants.PEERS / contestant.script).exists(), contestant.script)
        for workload in WORKLOADS.values():
            self.assertLessEqual(set(workload.contestants), set(contestants.CONTESTANTS))


if __name__ == "__main__":
    unittest.main()
