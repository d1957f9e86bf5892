"""Opens reports in headless Chromium: python report_test.py PROGRAM. Skipped (77) where the browser or its driver is missing."""

import pathlib
import struct
import sys
import tempfile
import unittest

from browser import SIDE, PageCase, open_browser, run, skip_without_browser, sync_playwright, write_spots

PROGRAM = ""


class ReportTest(PageCase, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        write_spots(cls.folder / "spots", "train", 200)
        write_spots(cls.folder / "spots", "t10k", 40)
        train = ["train", "--data", "spots", "--epochs", "2", "--quiet", "--out"]
        run(PROGRAM, cls.folder, *train, "run", "--model", "vae", "--hidden", "16", "--latent-dim", "2")
        run(PROGRAM, cls.folder, *train, "other", "--model", "dense")
        run(PROGRAM, cls.folder, "train", "--data", "circle", "--scale", "minmax", "--epochs", "2", "--quiet", "--out", "points")
        run(PROGRAM, cls.folder, "report", "run", "other", "--out", "comparison.html")
        cls.pages = [cls.folder / name for name in ("run/report.html", "points/report.html", "comparison.html")]
        cls.browser = open_browser(cls.enterClassContext(sync_playwright()))
        cls.addClassCleanup(cls.browser.close)

    def open_run(self, **settings):
        return self.open(self.pages[0].as_uri(), **settings)

    def test_every_section_is_filled(self):
        page = self.open_run()
        titles = page.locator("main h2").all_inner_texts()
        self.assertEqual(titles[:3], ["Losses", "Reconstructions", "Codes"])
        self.assertEqual(page.locator("nav a").all_inner_texts(), titles)
        self.assertEqual(page.title(), "run")

    def test_sliders_play_the_decoder(self):
        page = self.open_run()
        canvas = page.locator(".player canvas")
        before = self.pixels(canvas)
        code = page.evaluate("() => JSON.parse(document.getElementById('report').textContent)"
                             ".sections.find(({ title }) => title === 'Play').blocks[0].code")
        self.assertEqual(len(code), 2)
        slider = page.get_by_label("Number 1 of the code")
        slider.focus()
        for _ in range(25):
            page.keyboard.press("ArrowRight")
        self.assertNotEqual(self.pixels(canvas), before)
        # The same as the program makes of that code.
        value = float(slider.input_value())
        (self.folder / "codes.csv").write_text(f"code_0,code_1\n{code[0]},{value}\n")
        run(PROGRAM, self.folder, "decode", "run", "codes.csv", "--out", "decoded.npy")
        numbers = struct.unpack(f"<{SIDE * SIDE}f", (self.folder / "decoded.npy").read_bytes()[-4 * SIDE * SIDE:])
        for shown, number in zip(self.pixels(canvas), numbers):
            self.assertAlmostEqual(shown, 255 * min(max(number, 0), 1), delta=1)

    def test_pointing_at_a_dot_shows_its_picture(self):
        page = self.open_run()
        card = page.locator(".card")
        self.assertFalse(card.is_visible())
        canvas = page.locator(".plot.map canvas").first
        canvas.scroll_into_view_if_needed()
        chart = "Chart.getChart(document.querySelector('.plot.map canvas'))"
        where = page.evaluate(f"(({{x, y}}) => ({{x, y}}))({chart}.getDatasetMeta(2).data[0])")
        canvas.hover(position=where)
        card.wait_for(state="visible")
        dot = page.evaluate(f"{chart}.tooltip.dataPoints[0].raw.dot")
        self.assertRegex(card.inner_text(), f"example {dot}, label [0-3], error 0")
        page.wait_for_timeout(200)
        self.assertEqual(self.pixels(card.locator("canvas").first), self.sheet_pixels(page, dot))
        page.mouse.move(0, 0)
        card.wait_for(state="hidden")

    @staticmethod
    def sheet_pixels(page, dot):
        """Those of a dot's original in the sheet, read from the page's JSON."""
        return page.evaluate("""async dot => {
            const content = JSON.parse(document.getElementById("report").textContent);
            const [map] = content.sections.find(({ title }) => title === "Codes").blocks;
            const sheet = map.sheets[0];
            const image = new Image();
            image.src = sheet.source;
            await image.decode();
            const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
            context.drawImage(image, 0, 0);
            const place = [dot % sheet.columns * sheet.width, Math.floor(dot / sheet.columns) * sheet.height];
            return Array.from(context.getImageData(...place, sheet.width, sheet.height).data.filter((_, i) => i % 4 === 0));
        }""", dot)

    def test_dots_are_reached_by_keys_too(self):
        page = self.open_run()
        page.get_by_role("button", name="Next point").focus()
        page.keyboard.press("Enter")
        page.locator(".card").wait_for(state="visible")
        first = page.locator(".card").inner_text()
        page.keyboard.press("Enter")
        self.assertNotEqual(page.locator(".card").inner_text(), first)

    def test_the_legend_shows_and_hides(self):
        page = self.open_run()
        button = page.get_by_role("button", name="validation", exact=True)
        visible = "Chart.getChart(document.querySelector('.plot.curves canvas')).isDatasetVisible(1)"
        self.assertTrue(page.evaluate(visible))
        self.assertEqual(button.get_attribute("aria-pressed"), "true")
        button.click()
        self.assertFalse(page.evaluate(visible))
        self.assertEqual(button.get_attribute("aria-pressed"), "false")
        button.click()
        self.assertTrue(page.evaluate(visible))

    def test_charts_follow_the_colour_scheme(self):
        page = self.open_run()
        colour = "Chart.getChart(document.querySelector('.plot.curves canvas')).getDatasetMeta(0).dataset.options.borderColor"
        light = page.evaluate(colour)
        page.emulate_media(color_scheme="dark")
        page.wait_for_timeout(200)
        self.assertNotEqual(page.evaluate(colour), light)

    def test_nothing_is_wider_than_a_phone(self):
        for path in self.pages:
            with self.subTest(path=path.name):
                page = self.open(path.as_uri(), width=360)
                for details in page.locator("details").all():
                    details.evaluate("details => { details.open = true; }")
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 360)

    def test_axe_finds_no_serious_problem(self):
        for path in self.pages:
            for scheme in ("light", "dark"):
                with self.subTest(path=path.name, scheme=scheme):
                    page = self.open(path.as_uri(), scheme=scheme)
                    for details in page.locator("details").all():
                        details.evaluate("details => { details.open = true; }")
                    self.expect_no_violation(page, ("serious", "critical"))


if __name__ == "__main__":
    skip_without_browser()
    PROGRAM = sys.argv.pop(1)
    unittest.main()
