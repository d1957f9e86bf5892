"""Calls the service with what its description says, and with what it forbids, by schemathesis: python openapi_test.py
PROGRAM. Skipped (77) where that is missing."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "pages"))
from serving import Service, write_table  # noqa: E402

SCHEMATHESIS = pathlib.Path(sys.executable).parent / "schemathesis"
if not SCHEMATHESIS.exists():
    print("skipped: no schemathesis; pip install schemathesis")
    sys.exit(77)

PROGRAM = ""
RUNS = {"points": ["--data", "circle", "--scale", "minmax"], "rows": ["--data", "table.csv"]}


class OpenApiTest(unittest.TestCase):
    def test_the_service_keeps_to_its_description(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        write_table(folder / "table.csv", 100)
        for name, words in RUNS.items():
            subprocess.run([PROGRAM, "train", *words, "--model", "vae", "--latent-dim", "2", "--hidden", "8", "--epochs", "1",
                            "--quiet", "--out", f"runs/{name}"], cwd=folder, check=True)
        service = Service(PROGRAM, folder, "serve", "runs", "--port", "0", "--quiet")
        self.addCleanup(service.stop)
        result = subprocess.run([SCHEMATHESIS, "run", f"{service.address}openapi.json", "--max-examples", "15", "--seed", "1"],
                                cwd=folder, capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout[-6000:])


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
