"""What the program exports, loaded and run in Python: torchscript_test.py PATH/TO/dump."""

import importlib.util
import json
import struct
import sys
import unittest

import dump
import torch

TOLERANCE = 1e-5
SAMPLE_SEED = 11  # as in dump_exports.cpp
BATCHES = (3, 7)


def for_each_model(test):
    """Gives `test` the name of every exported model, its module, and what the model itself computes."""

    def run(self):
        for name in self.dump.names():
            with self.subTest(model=name):
                test(self, name, self.load(name), self.dump.tensors(name))

    return run


def read_safetensors(path):
    """The tensors of a file by name, read as the format's description has it."""
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    del header["__metadata__"]
    types = {"F32": torch.float32, "I64": torch.int64}
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        flat = torch.frombuffer(bytearray(content[begin:end]), dtype=types[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


class TorchScript(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dump = dump.Dump(PROGRAM, "exports")

    def load(self, name):
        return torch.jit.load(self.dump.path / f"{name}.pt")

    def assert_close(self, found, expected):
        self.assertLessEqual(dump.difference(found, expected), TOLERANCE)

    def test_every_usual_model_is_there(self):
        self.assertLessEqual({"dense", "conv", "vae", "conv-vae"}, set(self.dump.names()))

    @for_each_model
    def test_methods_give_the_models_numbers_at_both_batch_sizes(self, _, module, expected):
        for batch in BATCHES:
            image, code = expected[f"input_{batch}"], expected[f"code_{batch}"]
            self.assert_close(module(image), expected[f"forward_{batch}"])
            self.assert_close(module.encode(image), expected[f"encode_{batch}"])
            self.assert_close(module.decode(code), expected[f"decode_{batch}"])

    @for_each_model
    def test_halves_give_the_models_numbers(self, name, _, expected):
        encoder, decoder = self.load(f"{name}.encoder"), self.load(f"{name}.decoder")
        for batch in BATCHES:
            self.assert_close(encoder(expected[f"input_{batch}"]), expected[f"encode_{batch}"])
            self.assert_close(decoder(expected[f"code_{batch}"]), expected[f"decode_{batch}"])

    def test_halves_have_only_their_own_weights(self):
        for half, layers in (("encoder", "13"), ("decoder", "02")):
            names = {f"{half}.{layer}.{kind}" for layer in layers for kind in ("weight", "bias")}
            self.assertEqual(set(self.load(f"dense.{half}").state_dict()), names)

    def test_variational_models_sample(self):
        having = {name for name in self.dump.names() if hasattr(self.load(name), "sample")}
        self.assertLessEqual({"vae", "conv-vae"}, having)
        self.assertTrue(having.isdisjoint({"dense", "conv"}))

    @for_each_model
    def test_samples_come_from_the_global_generator(self, _, module, expected):
        for batch in BATCHES if hasattr(module, "sample") else ():
            torch.manual_seed(SAMPLE_SEED)
            self.assert_close(module.sample(batch), expected[f"sample_{batch}"])

    @for_each_model
    def test_modes_and_dtypes_of_python_work(self, _, module, expected):
        output = module.train().eval().double()(expected["input_3"].double())
        self.assertEqual(output.dtype, torch.float64)
        self.assert_close(output, expected["forward_3"].double())

    def test_output_needs_no_detaching(self):
        image = self.dump.tensors("dense")["input_3"]
        self.assertEqual(self.load("dense")(image).numpy().shape, tuple(image.shape))

    def test_weights_can_be_trained_on(self):
        module = self.load("dense")
        weights = [weight.requires_grad_() for weight in module.parameters()]
        module(self.dump.tensors("dense")["input_3"]).sum().backward()
        self.assertTrue(all(weight.grad.abs().max() > 0 for weight in weights))

    @for_each_model
    def test_safetensors_have_the_weights_by_the_same_names(self, name, module, _):
        weights = read_safetensors(self.dump.path / f"{name}.safetensors")
        expected = module.state_dict()
        self.assertEqual(set(weights), set(expected))
        for key, weight in weights.items():
            self.assertTrue(torch.equal(weight, expected[key]), key)

    @unittest.skipUnless(importlib.util.find_spec("safetensors"), "no safetensors")
    @for_each_model
    def test_safetensors_are_read_by_their_own_package(self, name, module, _):
        import safetensors.torch

        path = self.dump.path / f"{name}.safetensors"
        with safetensors.safe_open(path, "pt") as file:
            self.assertEqual(file.metadata()["café"], "中")
        weights = safetensors.torch.load_file(path)
        self.assertTrue(all(torch.equal(weights[key], weight) for key, weight in module.state_dict().items()))

    @for_each_model
    def test_metadata(self, name, _, expected):
        files = {"metadata.json": ""}
        torch.jit.load(self.dump.path / f"{name}.pt", _extra_files=files)
        self.assertEqual(json.loads(files["metadata.json"])["latent_dim"], expected["code_3"].shape[1])


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main(warnings="ignore")  # torch.jit.load is deprecated
