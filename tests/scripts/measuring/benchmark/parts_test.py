"""Tests what a call of scripts/benchmark measures. Nothing is."""

import contextlib
import io
import pathlib
import sys
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.benchmark import choice, command_line, parts, program, scaling, sweep  # noqa: E402
from measuring.benchmark.processes import Finished  # noqa: E402


class Choice(unittest.TestCase):
    def setUp(self):
        self.bf16 = self.enterContext(mock.patch.object(choice, "has_fast_bfloat16", return_value=False))
        for module in (command_line, sweep):
            self.enterContext(mock.patch.object(module, "CORES", [0, 1, 2, 3]))

    def parts(self, *words):
        """By name, of what these words ask for."""
        arguments = command_line.parse_arguments("", words)
        return {part.name: part for kind in arguments.parts or parts.WITHOUT_ASKING
                for part in parts.PARTS[kind](arguments)}

    def test_without_words_it_is_what_needs_no_asking(self):
        self.assertEqual(list(self.parts()), [
            "training dense", "training vae", "training conv", "training conv-pool", "training masked",
            "training conv-128", "training conv-256", "inference dense", "inference conv", "command", "start", "service"])

    def test_large_data_is_measured_beside_memory_and_a_loader(self):
        measures = {name: list(part.measures) for name, part in self.parts("large").items()}
        self.assertEqual(measures, {
            "large rows": ["autoencoder", "autoencoder --memory 64M"],
            "large pictures": ["autoencoder", "autoencoder --memory 1G", "pytorch-dataloader"]})

    def test_processes_divide_a_batch_or_each_has_its_own(self):
        with mock.patch.object(scaling, "CORES", [0, 1, 2, 3]):
            scaled = self.parts("scaling")
        self.assertEqual(list(scaled), ["scaling dense, strong", "scaling dense, weak", "scaling conv, strong", "scaling conv, weak"])
        teams = ["1 process", "1 process, --reproducible", "2 processes, mpirun", "2 processes, --workers", "4 processes, mpirun",
                 "4 processes, --workers"]
        for part in scaled.values():
            self.assertEqual(list(part.measures), teams)
        self.enterContext(mock.patch.object(program, "images_file", return_value=pathlib.Path("/mnist/train-images")))
        with mock.patch.multiple(scaling, environment=mock.Mock(return_value={}), execute=mock.DEFAULT,
                                 read_training=mock.Mock(return_value={"epoch_seconds": [2.0], "loss": 0.5})) as replaced:
            replaced["execute"].return_value = Finished(9.5, 100, "")
            samples = [scaled[f"scaling conv, {kind}"].measures["4 processes, mpirun"](7) for kind in ("strong", "weak")]
            commands = [[str(word) for word in call.args[0]] for call in replaced["execute"].call_args_list]
            self.assertEqual(scaling.environment.call_args.args[0].threads, 4)
        self.assertEqual([(sample["batch"], sample["images"], sample["processes"]) for sample in samples],
                         [(128, 12_000, 4), (512, 48_000, 4)])
        for command, (batch, limit) in zip(commands, (("128", "15000"), ("512", "60000"))):
            self.assertEqual(command[:3], ["mpirun", "-n", "4"])
            for option, value in (("--batch-size", batch), ("--limit", limit), ("--threads", "1"), ("--seed", "7")):
                self.assertEqual(command[command.index(option) + 1], value)

    def test_workloads_and_contestants_are_those_asked_for(self):
        chosen = self.parts("training", "inference", "--workloads", "conv,vae", "--contestants", "jax-scan,autoencoder")
        self.assertEqual({name: list(part.measures) for name, part in chosen.items()}, {
            "training conv": ["autoencoder", "jax-scan"], "training vae": ["autoencoder", "jax-scan"],
            "inference conv": ["autoencoder"]})

    def test_bf16_is_measured_where_the_processor_has_it(self):
        masked = ("training", "--workloads", "masked")
        fp32 = ["autoencoder", "pytorch-script", "pytorch-eager", "torch-compile", "limit"]
        self.assertEqual(list(self.parts(*masked)["training masked"].measures), fp32)
        self.bf16.return_value = True
        self.assertEqual(list(self.parts(*masked)["training masked"].measures), [
            "autoencoder", "autoencoder-bf16", "pytorch-script", "pytorch-eager", "pytorch-eager-bf16", "torch-compile",
            "torch-compile-bf16", "limit", "limit-bf16"])

    def test_on_a_gpu_bf16_is_measured_and_scikit_learn_is_not(self):
        names = self.parts("training", "--workloads", "dense", "--device", "cuda")["training dense"].measures
        self.assertIn("limit-bf16", names)
        self.assertNotIn("sklearn", names)

    def test_images_and_epochs_take_the_place_of_the_workload_s(self):
        settings = self.parts("--images", "500", "--epochs", "2", "--threads", "3")["training vae"].settings
        self.assertEqual(settings, {
            "description": "variational 784-400-20-400-784, ReLU, summed cross-entropy and KL divergence",
            "images": 500, "batch": 128, "epochs": 2, "threads": 3, "network": {"hidden": 400, "code": 20}})

    def test_the_whole_command_trains_longer(self):
        self.assertEqual(self.parts("command")["command"].settings["epochs"], 20)
        self.assertEqual(self.parts("command", "--epochs", "3")["command"].settings["epochs"], 3)

    def test_each_round_has_a_seed_of_its_own(self):
        measure = self.parts("training", "--workloads", "dense")["training dense"].measures["autoencoder"]
        ours = mock.Mock()
        with mock.patch.dict(parts.CONTESTANTS, autoencoder=ours):
            measure(0)
            measure(3)
        self.assertEqual([call.args[0].seed for call in ours.train.call_args_list], [0, 3])

    def test_a_sweep_changes_one_quantity_and_its_rows_are_by_value(self):
        swept = self.parts("sweep")
        self.assertEqual(list(swept), ["sweep batch size", "sweep width", "sweep images", "sweep threads"])
        self.assertEqual(list(swept["sweep threads"].measures), [
            f"{name} {count}" for count in (1, 2, 4) for name in ("autoencoder", "pytorch-eager")])
        ours = mock.Mock()
        with mock.patch.dict(parts.CONTESTANTS, autoencoder=ours):
            for part, value in (("batch size", 512), ("width", 128), ("images", 6000), ("threads", 2)):
                swept[f"sweep {part}"].measures[f"autoencoder {value}"](0)
        calls = [call.args[0] for call in ours.train.call_args_list]
        self.assertEqual([(call.workload.batch, call.workload.network["hidden"], call.workload.images, call.threads)
                          for call in calls],
                         [(512, 128, 12_000, 4), (256, 128, 12_000, 4), (256, 128, 6_000, 4), (256, 128, 12_000, 2)])
        self.assertEqual([call.workload.options for call in calls], [(), ("--hidden", "128"), (), ()])


class WrongWords(unittest.TestCase):
    def said(self, *words):
        with contextlib.redirect_stderr(io.StringIO()) as errors, self.assertRaises(SystemExit) as end:
            command_line.parse_arguments("", words)
        self.assertEqual(end.exception.code, 2)
        return errors.getvalue().splitlines()[-1].split("error: ")[1]

    def test_are_told_with_those_that_are_right(self):
        self.assertEqual(self.said("stop"),
                         "stop: no such part; they are training, inference, command, start, service, endurance, large, sweep, "
                         "scaling")
        self.assertEqual(self.said("--workloads", "dense,vea"),
                         "argument --workloads: no 'vea'; they are dense, vae, conv, conv-pool, masked, "
                         "conv-128, conv-256")
        self.assertEqual(self.said("--rounds", "0"), "argument --rounds: '0' is no whole number from 1")

    def test_more_threads_than_cores_are_refused(self):
        with mock.patch.object(command_line, "CORES", [0, 1]):
            self.assertEqual(self.said("--threads", "3"), "--threads 3: there are 2 cores")


if __name__ == "__main__":
    unittest.main()
