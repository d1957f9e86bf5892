"""Tests what is kept of a benchmark that is stopped."""

import datetime
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.benchmark import unfinished  # noqa: E402

FIRST, SECOND = {"seconds": 1.5}, {"seconds": 2.5}
SETTINGS = {"threads": 2, "channels": [32, 64]}


class Kept(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "unfinished.json"

    def call(self, device="cpu", machine="this", digest="abc"):
        """A new call of the script: it knows what the file holds."""
        return unfinished.Unfinished(self.path, device, {"processor": machine}, digest)

    def part(self, settings=SETTINGS, load=0.5, **more):
        return self.call(**more).part("training dense", settings, load)

    def test_nothing_is_there_at_first(self):
        self.assertEqual(self.part().of("autoencoder"), [])
        self.assertFalse(self.path.exists())

    def test_each_sample_is_there_in_the_next_call(self):
        self.part().add("autoencoder", FIRST)
        self.part().add("autoencoder", SECOND)
        self.assertEqual(self.part().of("autoencoder"), [FIRST, SECOND])
        self.assertEqual(self.part().of("pytorch-eager"), [])

    def test_samples_taken_in_another_way_are_not(self):
        self.part().add("autoencoder", FIRST)
        for other in ({"machine": "other"}, {"digest": "def"}, {"device": "cuda"}, {"settings": {"threads": 1}}):
            self.assertEqual(self.part(**other).of("autoencoder"), [], other)

    def test_looking_from_another_machine_takes_nothing_away(self):
        self.part().add("autoencoder", FIRST)
        self.part(machine="other")
        self.part(device="cuda").add("autoencoder", SECOND)
        self.assertEqual(self.part().of("autoencoder"), [FIRST])

    def test_the_first_sample_of_another_machine_takes_the_place_of_all(self):
        part = self.part()
        part.add("autoencoder", FIRST)
        part.add("pytorch-eager", FIRST)
        self.part(machine="other").add("autoencoder", SECOND)
        self.assertEqual(self.part(machine="other").samples, {"autoencoder": [SECOND]})
        self.assertEqual(self.part().samples, {})

    def test_what_failed_has_another_try_but_not_within_a_call(self):
        part = self.part()
        part.add("autoencoder", FIRST)
        part.add("autoencoder", {"error": "no memory"})
        self.assertEqual(part.of("autoencoder"), [FIRST, {"error": "no memory"}])
        self.assertEqual(self.part().of("autoencoder"), [FIRST])

    def test_the_result_is_of_the_rows_asked_for_with_the_highest_load_and_the_day(self):
        self.part(load=0.75).add("autoencoder", FIRST)
        self.part(load=0.25).add("pytorch-eager", SECOND)
        result = self.part(load=9).result(["pytorch-eager"])
        self.assertEqual(result, {"settings": SETTINGS, "machine": {"processor": "this"}, "load": 0.75,
                                  "measured": datetime.date.today().isoformat(), "rows": {"pytorch-eager": [SECOND]}})
        self.assertEqual(list(result), ["settings", "machine", "load", "measured", "rows"])

    def test_samples_of_another_day_keep_it(self):
        with mock.patch.object(unfinished, "datetime") as clock:
            clock.date.today.return_value = datetime.date(2020, 1, 2)
            self.part().add("autoencoder", FIRST)
        self.assertEqual(self.part().result(["autoencoder"])["measured"], "2020-01-02")

    def test_a_call_that_ends_forgets_its_own_samples(self):
        call = self.call()
        for name in ("training dense", "training vae"):
            for row in ("autoencoder", "pytorch-eager"):
                call.part(name, SETTINGS, 0).add(row, FIRST)
        call.end({"training dense": ["autoencoder"], "training vae": ["autoencoder", "pytorch-eager"]})
        self.assertEqual(list(self.call().parts), ["training dense"])
        self.assertEqual(self.part().samples, {"pytorch-eager": [FIRST]})
        self.call().end({"training dense": ["pytorch-eager"]})
        self.assertFalse(self.path.exists())


if __name__ == "__main__":
    unittest.main()
