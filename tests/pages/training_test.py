"""Watches a training in headless Chromium: python training_test.py PROGRAM. Skipped (77) where the browser or its driver
is missing."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

from browser import PageCase, open_browser, run, skip_without_browser, sync_playwright, write_spots
from serving import Service

PROGRAM = ""


class TrainingPageTest(PageCase, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        write_spots(cls.folder / "spots", "train", 4000)
        write_spots(cls.folder / "spots", "t10k", 40)
        cls.browser = open_browser(cls.enterClassContext(sync_playwright()))
        cls.addClassCleanup(cls.browser.close)

    def watch(self, name, epochs):
        return Service(PROGRAM, self.folder, "train", "--data", "spots", "--model", "vae", "--epochs", str(epochs),
                       "--batch-size", "32", "--out", name, "--watch", "--watch-port", "0")

    def test_it_is_seen_and_stopped(self):
        training = self.watch("stopped", 100_000)
        self.addCleanup(training.kill)
        page = self.open(training.address)
        page.wait_for_function("() => Chart.getChart(document.querySelector('.plot canvas'))?.data.datasets[0]?.data.length > 2")
        page.get_by_text("Training stopped").wait_for()
        page.locator(".reconstructions").wait_for()
        page.get_by_role("img", name="Map of the codes").wait_for()
        page.wait_for_function("() => document.querySelector('section p').textContent.includes('left')")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            self.expect_no_violation(page, ("minor", "moderate", "serious", "critical"))
        page.set_viewport_size({"width": 360, "height": 800})
        page.wait_for_timeout(200)
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 360)
        page.get_by_role("button", name="Stop and save").click()
        page.get_by_text("autoencoder train --resume stopped").wait_for()
        training.process.stdout.read()
        self.assertEqual(training.process.wait(timeout=60), 128 + 15)
        run(PROGRAM, self.folder, "evaluate", "stopped")

    def test_who_comes_later_sees_all_of_it(self):
        training = self.watch("later", 100_000)
        self.addCleanup(training.kill)
        first = self.open(training.address)
        first.wait_for_function("() => Chart.getChart(document.querySelector('.plot canvas'))?.data.datasets[0]?.data.length > 20")
        second = self.open(training.address)
        second.wait_for_function("() => Chart.getChart(document.querySelector('.plot canvas'))?.data.datasets[0]?.data.length > 5")
        epochs = second.evaluate("Chart.getChart(document.querySelector('.plot canvas')).data.datasets[0].data.map(({ x }) => x)")
        self.assertEqual(epochs[0], 1)
        training.process.terminate()
        training.process.stdout.read()
        training.process.wait(timeout=60)

    def test_watching_changes_nothing(self):
        training = self.watch("watched", 5)
        page = self.open(training.address)
        page.get_by_text("autoencoder serve watched").wait_for()
        training.process.stdout.read()
        self.assertEqual(training.process.wait(timeout=60), 0)
        run(PROGRAM, self.folder, "train", "--config", "watched/config.json", "--out", "unwatched", "--quiet")
        weights = [(self.folder / name / "model.safetensors").read_bytes() for name in ("watched", "unwatched")]
        self.assertEqual(*weights)

    def test_a_port_that_is_taken(self):
        training = self.watch("first", 100_000)
        self.addCleanup(training.kill)
        port = training.address.rstrip("/").rsplit(":", 1)[1]
        result = subprocess.run([PROGRAM, "train", "--data", "spots", "--watch", "--watch-port", port, "--out", "second"],
                                cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"port {port} of 127.0.0.1 is taken", result.stderr)
        self.assertFalse((self.folder / "second").exists())


if __name__ == "__main__":
    skip_without_browser()
    PROGRAM = sys.argv.pop(1)
    unittest.main()
