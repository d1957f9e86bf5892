"""Exported C, compiled, against the TorchScript files of the same models: python c_source_test.py PROGRAM. Skipped (77)
where there is no compiler, or no torch."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    import numpy
    import torch
except ImportError as missing:
    print(f"skipped: {missing}; pip install torch numpy")
    sys.exit(77)

COMPILER = shutil.which("gcc") or shutil.which("clang")
if COMPILER is None:
    print("skipped: no compiler of C; apt-get install gcc")
    sys.exit(77)

PROGRAM = ""
SIDE = 12
MODELS = {
    "dense": ["--model", "dense"],
    "vae": ["--model", "vae"],
    "tanh": ["--model", "dense", "--activation", "tanh"],
    "elu": ["--model", "dense", "--activation", "elu"],
    "normalised": ["--model", "dense", "--batch-norm"],
    "scaled": ["--model", "dense", "--scale", "standard", "--output-activation", "none", "--loss", "mse"],
    "conv": ["--model", "conv"],
    "conv-pool": ["--model", "conv-pool"],
    "conv-vae": ["--model", "conv-vae"],
}


class CSourceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        (cls.folder / "pictures").mkdir()
        numbers = numpy.random.default_rng(0).integers(0, 255, (80, SIDE, SIDE), numpy.uint8)
        for prefix in ("train", "t10k"):
            sizes = b"".join(size.to_bytes(4, "big") for size in numbers.shape)
            file = cls.folder / f"pictures/{prefix}-images-idx3-ubyte"
            file.write_bytes((0x803).to_bytes(4, "big") + sizes + numbers.tobytes())
        for name, words in MODELS.items():
            cls.run_program("train", *words, "--data", "pictures", "--epochs", "1", "--quiet", "--out", name)

    @classmethod
    def run_program(cls, *words):
        return subprocess.run([PROGRAM, *words], cwd=cls.folder, check=True, capture_output=True, text=True).stdout

    def compiled(self, name, part, form="c"):
        """What the C of a part makes of examples, each as a row."""
        file = self.folder / f"{name}-{part}-{form}.c"
        self.run_program("export", name, "--format", form, "--part", part, "--out", file)
        program = file.with_suffix("")
        subprocess.run([COMPILER, "-std=c99", "-pedantic-errors", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-O1",
                        "-fsanitize=undefined,address", "-DAUTOENCODER_MAIN", file, "-o", program, "-lm"], check=True)

        def run(examples):
            text = " ".join(f"{number:.9g}" for number in examples.flatten().tolist())
            output = subprocess.run([program], input=text, capture_output=True, text=True, check=True).stdout
            return numpy.array([[float(word) for word in line.split()] for line in output.splitlines()])

        return run

    def expected(self, name, count=3):
        module = torch.jit.load(self.folder / name / "model.pt")
        torch.manual_seed(0)
        examples = torch.rand(count, 1, SIDE, SIDE)
        with torch.inference_mode():
            code = module.encode(examples)
            return examples, code, module.decode(code).flatten(1)

    def test_it_computes_what_the_model_does(self):
        for name in MODELS:
            with self.subTest(model=name):
                examples, code, rebuilt = self.expected(name)
                numpy.testing.assert_allclose(self.compiled(name, "encoder")(examples), code, rtol=1e-3, atol=1e-4)
                numpy.testing.assert_allclose(self.compiled(name, "decoder")(code), rebuilt, rtol=1e-3, atol=1e-4)
                whole = numpy.concatenate([rebuilt.numpy(), code.numpy()], axis=1)
                numpy.testing.assert_allclose(self.compiled(name, "whole")(examples), whole, rtol=1e-3, atol=1e-4)

    def test_eight_bits_are_near_it(self):
        for name in ("dense", "conv"):
            with self.subTest(model=name):
                examples, _, rebuilt = self.expected(name)
                self.compiled(name, "whole")
                found = self.compiled(name, "whole", "c-int8")(examples)[:, : rebuilt.shape[1]]
                self.assertLess(numpy.abs(found - rebuilt.numpy()).max(), 0.05)
                sizes = [(self.folder / f"{name}-whole-{form}.c").stat().st_size for form in ("c", "c-int8")]
                self.assertLess(2 * sizes[1], sizes[0])

    def test_other_models_are_refused(self):
        self.run_program("train", "--model", "k-sparse", "--data", "pictures", "--epochs", "1", "--quiet", "--out", "sparse")
        result = subprocess.run([PROGRAM, "export", "sparse", "--format", "c"], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn("C is written of dense and convolutional models", result.stderr)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
