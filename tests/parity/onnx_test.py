"""Exported ONNX files in onnxruntime against the TorchScript files of the same models: python onnx_test.py PROGRAM. Skipped
(77) where a library is missing."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

try:
    import numpy
    import onnx
    import onnxruntime
    import torch
except ImportError as missing:
    print(f"skipped: {missing}; pip install onnx onnxruntime")
    sys.exit(77)

PROGRAM = ""
SIDE = 12
# Beside the names of models: what other words make of them.
VARIANTS = {
    "normalised": ["--model", "dense", "--batch-norm", "--dropout", "0.1"],
    "scaled": ["--model", "dense", "--scale", "standard", "--output-activation", "none", "--loss", "mse"],
    "vae-residual": ["--model", "variational", "--backbone", "residual"],
    **{f"dense-{name}": ["--model", "dense", "--activation", name] for name in ("elu", "gelu", "silu", "softplus", "tanh")},
}


def write_pictures(folder):
    numbers = numpy.random.default_rng(0).integers(0, 255, (80, SIDE, SIDE), numpy.uint8)
    for prefix in ("train", "t10k"):
        sizes = b"".join(size.to_bytes(4, "big") for size in numbers.shape)
        (folder / f"{prefix}-images-idx3-ubyte").write_bytes((0x803).to_bytes(4, "big") + sizes + numbers.tobytes())


def write_table(path):
    random = numpy.random.default_rng(0)
    rows = ["size,weight,colour,day"]
    for i in range(60):
        size = random.uniform(1, 5)
        rows.append(f"{size:.2f},{'' if i % 7 == 0 else f'{2 * size:.2f}'},{'red' if size > 3 else 'blue'},2024-03-{1 + i % 28:02}")
    path.write_text("\n".join(rows) + "\n")


class OnnxTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        (cls.folder / "pictures").mkdir()
        write_pictures(cls.folder / "pictures")
        write_table(cls.folder / "table.csv")

    def run_program(self, *words):
        return subprocess.run([PROGRAM, *words], cwd=self.folder, check=True, capture_output=True, text=True).stdout

    def train(self, name, *words):
        self.run_program("train", *words, "--epochs", "1", "--quiet", "--out", name)

    def expect_equal(self, name, count=4, parts=("whole",)):
        """Files of the run, with another number of examples than they were traced with."""
        for part in parts:
            self.run_program("export", name, "--format", "onnx", "--part", part)
        module = torch.jit.load(self.folder / name / "model.pt")
        torch.manual_seed(0)
        meta = onnx.load(self.folder / name / "model.onnx")
        onnx.checker.check_model(meta, full_check=True)
        self.assertEqual([opset.version for opset in meta.opset_import], [17])
        self.assertIn("metadata.json", [entry.key for entry in meta.metadata_props])
        shape = [dim.dim_value for dim in meta.graph.input[0].type.tensor_type.shape.dim][1:]
        example = torch.rand(count, *shape)
        with torch.inference_mode():
            code = module.encode(example)
            expected = {"reconstruction": module.decode(code), "code": code}
        self.compare(name, "model.onnx", {"input": example}, expected)
        if "encoder" in parts:
            self.compare(name, "encoder.onnx", {"input": example}, {"code": code})
            self.compare(name, "decoder.onnx", {"code": code}, {"reconstruction": expected["reconstruction"]})

    def compare(self, name, file, inputs, expected):
        session = onnxruntime.InferenceSession(self.folder / name / file, providers=["CPUExecutionProvider"])
        found = session.run(list(expected), {key: value.numpy() for key, value in inputs.items()})
        for (key, tensor), array in zip(expected.items(), found):
            numpy.testing.assert_allclose(array, tensor.numpy(), rtol=1e-4, atol=2e-5, err_msg=f"{name} {file} {key}")

    def test_every_model(self):
        names = [line.split()[0] for line in self.run_program("models").splitlines() if line[:1].islower()]
        self.assertGreater(len(names), 20)
        for name in sorted(set(names)):
            with self.subTest(model=name):
                self.train(name, "--model", name, "--data", "pictures")
                self.expect_equal(name)

    def test_variants(self):
        for name, words in VARIANTS.items():
            with self.subTest(variant=name):
                self.train(name, *words, "--data", "pictures")
                self.expect_equal(name)

    def test_rows_and_windows(self):
        self.train("rows", "--model", "vae", "--data", "table.csv")
        self.expect_equal("rows", parts=("whole", "encoder", "decoder"))
        self.train("told", "--model", "dense", "--data", "table.csv")
        self.expect_equal("told")
        self.train("windows", "--model", "conv1d", "--data", "ecg", "--points", "600", "--window", "48")
        self.expect_equal("windows", count=1, parts=("whole", "encoder", "decoder"))

    def test_holes_are_holes_there_too(self):
        self.train("holes", "--model", "dense", "--data", "table.csv")
        self.run_program("export", "holes", "--format", "onnx", "--part", "encoder")
        module = torch.jit.load(self.folder / "holes/model.pt")
        width = onnx.load(self.folder / "holes/encoder.onnx").graph.input[0].type.tensor_type.shape.dim[3].dim_value
        row = torch.zeros(1, 1, 1, width)
        row[..., 0] = float("nan")
        with torch.inference_mode():
            self.compare("holes", "encoder.onnx", {"input": row}, {"code": module.encode(row)})


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
