"""Plays with the service's page in headless Chromium: python service_test.py PROGRAM. Skipped (77) where the browser or
its driver is missing."""

import base64
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from browser import PageCase, open_browser, run, skip_without_browser, sync_playwright, write_spots
from serving import Service, write_table

PROGRAM = ""
WIDTHS = (360, 768, 1280, 1920)


class ServicePageTest(PageCase, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        write_spots(cls.folder / "spots", "train", 400)
        write_spots(cls.folder / "spots", "t10k", 60)
        write_table(cls.folder / "table.csv", 300)
        train = ["train", "--epochs", "15", "--quiet", "--batch-size", "32", "--out"]
        run(PROGRAM, cls.folder, *train, "runs/plane", "--data", "spots", "--model", "dense", "--latent-dim", "2")
        run(PROGRAM, cls.folder, *train, "runs/vae", "--data", "spots", "--model", "vae", "--latent-dim", "40")
        run(PROGRAM, cls.folder, *train, "runs/table", "--data", "table.csv", "--model", "vae", "--latent-dim", "2")
        run(PROGRAM, cls.folder, *train, "runs/waves", "--data", "daily", "--window", "32", "--model", "dense", "--latent-dim", "3")
        run(PROGRAM, cls.folder, "detect", "fit", "runs/plane")
        cls.service = Service(PROGRAM, cls.folder, "serve", "runs", "--port", "0", "--quiet")
        cls.addClassCleanup(cls.service.stop)
        cls.browser = open_browser(cls.enterClassContext(sync_playwright()))
        cls.addClassCleanup(cls.browser.close)

    def play(self, model, **settings):
        """The page with that model, once its map is there."""
        page = self.open(self.service.address, **settings)
        page.locator("#model").select_option(model)
        page.locator(".map-area canvas").first.wait_for()
        page.wait_for_function("() => document.querySelector('.verdict').textContent !== ''")
        return page

    def output(self, page):
        return page.get_by_role("img", name="Reconstruction")

    def changed(self, page, canvas, before):
        """The pixels of a canvas, once they are others."""
        for _ in range(100):
            if (now := self.pixels(canvas)) != before:
                return now
            page.wait_for_timeout(30)
        self.fail("nothing changed")

    def test_a_stroke_is_rebuilt_while_it_is_drawn(self):
        page = self.play("plane")
        page.get_by_role("button", name="Clear").click()
        board = page.get_by_role("application")
        page.wait_for_timeout(200)
        before = self.pixels(self.output(page))
        box = board.bounding_box()
        page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.2 * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"], steps=4)
        self.assertGreater(max(self.pixels(board)), 200)
        self.changed(page, self.output(page), before)
        page.mouse.up()
        self.assertIn("Mean squared error", page.locator(".verdict").inner_text())

    def test_keys_draw_too(self):
        page = self.play("plane")
        page.get_by_role("button", name="Clear").click()
        board = page.get_by_role("application")
        board.focus()
        page.keyboard.press("Space")
        page.keyboard.press("Shift+ArrowLeft")
        self.assertGreater(max(self.pixels(board)), 200)

    def test_touch_draws_too(self):
        page = self.play("plane", has_touch=True, width=360)
        page.get_by_role("button", name="Clear").tap()
        board = page.get_by_role("application")
        board.tap(position={"x": 40, "y": 40})
        self.assertGreater(max(self.pixels(board)), 200)

    def test_a_slider_moves_the_picture(self):
        page = self.play("vae")
        before = self.pixels(self.output(page))
        slider = page.locator(".sliders input").first
        slider.focus()
        for _ in range(30):
            page.keyboard.press("ArrowRight")
        self.changed(page, self.output(page), before)
        self.assertIn("as you have moved it", page.locator(".verdict").inner_text())
        self.assertIn("/decode", page.locator(".command code").first.inner_text())

    def test_long_codes_show_what_varies_most_first(self):
        page = self.play("vae")
        self.assertEqual(page.locator(".sliders input").count(), 32)
        page.get_by_role("button", name="All numbers").click()
        self.assertEqual(page.locator(".sliders input").count(), 40)

    def test_random_codes_make_other_pictures(self):
        page = self.play("vae")
        before = self.pixels(self.output(page))
        page.get_by_role("button", name="Random code").click()
        self.changed(page, self.output(page), before)

    def place_of(self, page, point):
        """Of a point of the map, on the page."""
        x, y, radius = page.evaluate("""point => {
            const canvas = document.querySelector(".map-area canvas");
            canvas.scrollIntoView({ block: "center" });
            const box = canvas.getBoundingClientRect();
            return [box.left, box.top, box.width];
        }""", point)
        answer = page.evaluate("async () => (await fetch('v1/models/plane/map?method=code&count=1000')).json()")
        points = answer["points"]
        spans = [(min(values), max(values)) for values in zip(*points)]
        reach = max(high - low for low, high in spans)
        middle = [(low + high) / 2 for low, high in spans]
        factor = 0.92 * radius / reach
        return (x + radius / 2 + factor * (points[point][0] - middle[0]),
                y + radius / 2 - factor * (points[point][1] - middle[1]))

    def test_the_map_shows_loads_and_goes_between(self):
        page = self.play("plane")
        first, last = self.place_of(page, 0), self.place_of(page, 1)
        page.mouse.move(*first)
        page.locator(".card").wait_for(state="visible")
        self.assertRegex(page.locator(".card").inner_text(), r"point \d+, [0-3]")
        before = self.pixels(page.get_by_role("application"))
        page.mouse.click(*last)
        page.mouse.click(*self.place_of(page, 2))
        self.changed(page, page.get_by_role("application"), before)
        page.mouse.move(*first)
        page.mouse.down()
        page.mouse.move(*last, steps=5)
        page.mouse.up()
        page.locator(".strip canvas").nth(9).wait_for()
        strip = [self.pixels(canvas) for canvas in page.locator(".strip canvas").all()]
        self.assertEqual(len(strip), 10)
        self.assertNotEqual(strip[0], strip[-1])

    def test_the_map_goes_by_buttons_too(self):
        page = self.play("plane")
        page.get_by_role("button", name="Next point").click()
        page.get_by_role("button", name="Begin here").click()
        page.get_by_role("button", name="Next point").click()
        page.get_by_role("button", name="Go from there to here").click()
        page.locator(".strip canvas").nth(9).wait_for()

    def test_other_maps_are_computed_when_asked_for(self):
        page = self.play("plane")
        page.get_by_label("Points by").select_option("tsne")
        page.get_by_text("t-SNE, divergence").wait_for(timeout=60000)

    def test_noise_and_anomalies(self):
        page = self.play("plane")
        page.get_by_role("radio", name="noise on it").check()
        seen = page.get_by_role("img", name="What the model is given")
        seen.wait_for(state="visible")
        self.assertNotEqual(self.pixels(seen), self.pixels(page.get_by_role("application")))
        page.get_by_role("radio", name="where it is strange").check()
        page.get_by_role("img", name="Where it is strange").wait_for(state="visible")
        page.locator(".verdict", has_text="Score").wait_for()  # it comes a moment after the picture
        self.assertRegex(page.locator(".verdict").inner_text(), r"Score [\d.e-]+: (an anomaly|normal)")

    def test_what_is_rubbed_out_is_filled(self):
        page = self.play("vae")
        page.get_by_role("radio", name="with parts rubbed out").check()
        page.locator(".verdict", has_text="Rub a part").wait_for()
        before = self.pixels(self.output(page))
        board = page.get_by_role("application")
        box = board.bounding_box()
        page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=6)
        page.mouse.up()
        self.changed(page, self.output(page), before)
        page.get_by_role("radio", name="as it is").check()
        page.locator(".verdict", has_text="Mean squared error").wait_for()

    def test_a_picture_is_opened_and_dropped(self):
        page = self.play("plane")
        picture = self.folder / "picture.png"
        data = page.evaluate("""() => {
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = 200;
            canvas.getContext("2d").fillRect(0, 0, 200, 100);
            return canvas.toDataURL();
        }""")
        picture.write_bytes(base64.b64decode(data.split(",")[1]))
        board = page.get_by_role("application")
        before = self.pixels(board)
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Open a picture").click()
        chooser.value.set_files(picture)
        opened = self.changed(page, board, before)
        self.assertLess(opened[0], 10)
        self.assertGreater(opened[-1], 245)
        page.get_by_role("button", name="Next example").click()
        before = self.pixels(board)
        page.evaluate("""async data => {
            const transfer = new DataTransfer();
            const bytes = Uint8Array.from(atob(data.split(",")[1]), (letter) => letter.charCodeAt(0));
            transfer.items.add(new File([bytes], "a.png", { type: "image/png" }));
            document.querySelector(".play > div").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
        }""", data)
        self.assertEqual(self.changed(page, board, before), opened)

    def test_no_picture_is_told_of(self):
        page = self.play("plane")
        text = self.folder / "text.png"
        text.write_text("no picture")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Open a picture").click()
        chooser.value.set_files(text)
        page.get_by_role("alert").wait_for(state="visible")
        self.assertIn("text.png: this browser cannot read it", page.get_by_role("alert").inner_text())

    def test_a_row_is_filled(self):
        page = self.play("table")
        page.get_by_label("size", exact=True).fill("4.5")
        page.get_by_label("weight", exact=True).fill("")
        page.get_by_label("colour", exact=True).select_option("")
        filled = page.locator("td.filled")
        page.wait_for_function("() => document.querySelectorAll('td.filled').length === 2")
        page.wait_for_timeout(300)
        weight, colour = filled.all_inner_texts()
        self.assertGreater(float(weight), 6)
        self.assertEqual(colour, "red")
        self.assertIn("/impute", page.locator(".command code").first.inner_text())

    def test_a_line_is_bent(self):
        page = self.play("waves")
        board = page.get_by_role("application")
        box = board.bounding_box()
        before = self.pixels(self.output(page))
        page.mouse.move(box["x"] + 20, box["y"] + 30)
        page.mouse.down()
        page.mouse.move(box["x"] + 90, box["y"] + 30, steps=5)
        page.mouse.up()
        self.changed(page, self.output(page), before)

    @unittest.skipUnless(shutil.which("curl"), "no curl")
    def test_the_call_that_is_shown_works(self):
        page = self.play("plane")
        command = page.locator(".command code").first.inner_text()
        answer = json.loads(subprocess.run(["bash", "-c", command.replace("curl", "curl -s")], capture_output=True, check=True).stdout)
        self.assertEqual(set(answer), {"model", "reconstructions", "codes", "errors"})
        shown = float(page.locator(".verdict").inner_text().split()[-1])
        self.assertAlmostEqual(answer["errors"][0], shown, places=4)

    def test_nothing_is_wider_than_the_screen(self):
        for model in ("plane", "table", "waves"):
            for width in WIDTHS:
                with self.subTest(model=model, width=width):
                    page = self.play(model, width=width)
                    self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)

    def test_axe_finds_nothing(self):
        for model in ("plane", "table"):
            for scheme in ("light", "dark"):
                with self.subTest(model=model, scheme=scheme):
                    page = self.play(model, scheme=scheme)
                    self.expect_no_violation(page, ("minor", "moderate", "serious", "critical"))

    def test_a_token_is_asked_for(self):
        (self.folder / "token").write_text("a long secret\n")
        service = Service(PROGRAM, self.folder, "serve", "runs/plane", "--port", "0", "--token-file", "token")
        self.addCleanup(service.stop)
        context = self.browser.new_context()
        self.addCleanup(context.close)
        page = context.new_page()
        page.goto(service.address)
        page.get_by_label("Token", exact=True).fill("a long secret")
        page.get_by_role("button", name="Go on").click()
        page.locator(".map-area canvas").first.wait_for()

    def test_without_the_data_there_is_no_map(self):
        moved = self.folder / "elsewhere"
        subprocess.run(["cp", "-r", self.folder / "runs/plane", moved], check=True)
        config = json.loads((moved / "config.json").read_text())
        (moved / "config.json").write_text(json.dumps({**config, "data": str(self.folder / "gone"), "data-dir": ""}))
        service = Service(PROGRAM, self.folder, "serve", "elsewhere", "--port", "0", "--quiet")
        self.addCleanup(service.stop)
        page = self.open(service.address)
        page.wait_for_function("() => document.querySelector('.verdict').textContent !== ''")
        page.wait_for_timeout(300)
        self.assertFalse(page.locator(".map-area").is_visible())


if __name__ == "__main__":
    skip_without_browser()
    PROGRAM = sys.argv.pop(1)
    unittest.main()
