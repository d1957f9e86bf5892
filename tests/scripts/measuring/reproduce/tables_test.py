"""Tests the tables of RESULTS.md on small results, worked out by hand."""

import json
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.reproduce.row import Row  # noqa: E402
from measuring.reproduce.rows import ROWS, SECTIONS  # noqa: E402
from measuring.reproduce.tables import HEAD, duration, markdown  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[4]
MADE_UP = {"Dense": (Row("deep", "9-4-9", (), "0.5 (somebody)"), Row("wide", "9-99-9", ())),
           "Sparse": (Row("sparse", "k = 3", ()),)}


def result(machine="A", seconds=60.4, **more):
    return {"figures": {"MSE": "0.25 ± 0.01", "PSNR, dB": "20"}, "seeds": 3, "seconds": seconds, "machine": machine,
            **more}


class Tables(unittest.TestCase):
    def test_rows_with_a_result_stand_in_their_section(self):
        results = {"sparse": result("B", 600), "deep": result(picture="deep.png"), "unknown": result("A")}
        self.assertEqual(markdown(results, MADE_UP), f"""\
{HEAD}

## Dense

| recipe | setting | published | ours | seeds | time |
|---|---|---|---|---|---|
| [deep](deep.png) | 9-4-9 | 0.5 (somebody) | MSE: 0.25 ± 0.01<br>PSNR, dB: 20 | 3 | 60 s |

## Sparse

| recipe | setting | published | ours | seeds | time |
|---|---|---|---|---|---|
| sparse | k = 3 |  | MSE: 0.25 ± 0.01<br>PSNR, dB: 20 | 3 | 10 min |

Machine: A; B.""")

    def test_a_section_without_results_is_left_out(self):
        self.assertNotIn("Sparse", markdown({"wide": result()}, MADE_UP))

    def test_durations_are_in_minutes_from_two_on(self):
        self.assertEqual([duration(seconds) for seconds in (0.4, 119.4, 120, 4500)],
                         ["0 s", "119 s", "2 min", "75 min"])

    @unittest.skipUnless((ROOT / "RESULTS.json").exists(), "no results here")
    def test_the_table_of_this_repository_is_that_of_its_results(self):
        results = json.loads((ROOT / "RESULTS.json").read_text())
        self.assertEqual(f"{markdown(results, SECTIONS)}\n", (ROOT / "RESULTS.md").read_text())


class Rows(unittest.TestCase):
    def test_names_are_unique(self):
        self.assertEqual(len(ROWS), sum(map(len, SECTIONS.values())))

    @unittest.skipUnless((ROOT / "src/recipes").exists(), "no recipes here")
    def test_every_recipe_named_is_there(self):
        for row in ROWS.values():
            if isinstance(row, Row) and not row.runs_of and "--model" not in row.options:
                self.assertTrue((ROOT / f"src/recipes/{row.recipe or row.name}.json").exists(), row.name)


if __name__ == "__main__":
    unittest.main()
