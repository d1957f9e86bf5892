"""Opens reports in headless Chromium: python page_test.py PROGRAM. Skipped (77) where the browser or its driver is missing."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Error, sync_playwright
except ImportError as missing:
    print(f"skipped: {missing}; pip install playwright axe-playwright-python")
    sys.exit(77)

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
if CHROMIUM is None:
    print("skipped: no Chromium; apt-get install chromium")
    sys.exit(77)

PROGRAM = ""
# Spots in the corners, and their labels, as an IDX folder.
SIDE = 12


def write_idx(path, magic, sizes, data):
    header = b"".join(number.to_bytes(4, "big") for number in (magic, *sizes))
    path.write_bytes(header + bytes(data))


def write_spots(folder, prefix, count):
    """Images of one bright square each, in the corner that their label says."""
    labels = [i % 4 for i in range(count)]
    pixels = bytearray()
    for i, label in enumerate(labels):
        top, left = 6 * (label // 2) + i % 3, 6 * (label % 2) + i // 3 % 3
        pixels += bytes(
            255 if top <= row < top + 4 and left <= column < left + 4 else 0
            for row in range(SIDE) for column in range(SIDE))
    write_idx(folder / f"{prefix}-images-idx3-ubyte", 0x803, (count, SIDE, SIDE), pixels)
    write_idx(folder / f"{prefix}-labels-idx1-ubyte", 0x801, (count,), labels)


def run(folder, *words):
    subprocess.run([PROGRAM, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def open_browser(playwright):
    """Root may not use the sandbox, and containers have little shared memory."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])


def skip_without_browser():
    try:
        with sync_playwright() as playwright:
            open_browser(playwright).close()
    except Error as failure:
        print(f"skipped: Chromium does not start here: {failure}")
        sys.exit(77)


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        (cls.folder / "spots").mkdir()
        write_spots(cls.folder / "spots", "train", 200)
        write_spots(cls.folder / "spots", "t10k", 40)
        train = ["train", "--data", "spots", "--epochs", "2", "--quiet", "--out"]
        run(cls.folder, *train, "run", "--model", "vae", "--hidden", "16", "--latent-dim", "2")
        run(cls.folder, *train, "other", "--model", "dense")
        run(cls.folder, "train", "--data", "circle", "--scale", "minmax", "--epochs", "2", "--quiet", "--out", "points")
        run(cls.folder, "report", "run", "other", "--out", "comparison.html")
        cls.pages = [cls.folder / name for name in ("run/report.html", "points/report.html", "comparison.html")]
        cls.browser = open_browser(cls.enterClassContext(sync_playwright()))
        cls.addClassCleanup(cls.browser.close)

    def open(self, path, width=1280, scheme="light"):
        """The page, which from then on may report no problem to the console, nor ask the network for anything."""
        context = self.browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        self.addCleanup(context.close)
        page = context.new_page()
        problems = []
        self.addCleanup(lambda: self.assertEqual(problems, []))
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: self.note_request(request.url, problems))
        page.goto(path.as_uri())
        return page

    @staticmethod
    def note_request(url, problems):
        if not url.startswith(("file:", "data:")):
            problems.append(f"asked for {url}")

    def open_run(self, **settings):
        return self.open(self.pages[0], **settings)

    def test_every_section_is_filled(self):
        page = self.open_run()
        titles = page.locator("main h2").all_inner_texts()
        self.assertEqual(titles[:3], ["Losses", "Reconstructions", "Codes"])
        self.assertEqual(page.locator("nav a").all_inner_texts(), titles)
        self.assertEqual(page.title(), "run")

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
    def pixels(canvas):
        """The brightness of each pixel of a canvas."""
        return canvas.evaluate("""canvas => Array.from(
            canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.filter((_, i) => i % 4 === 0))""")

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
                page = self.open(path, width=360)
                for details in page.locator("details").all():
                    details.evaluate("details => { details.open = true; }")
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 360)

    def test_axe_finds_no_serious_problem(self):
        for path in self.pages:
            for scheme in ("light", "dark"):
                with self.subTest(path=path.name, scheme=scheme):
                    page = self.open(path, scheme=scheme)
                    for details in page.locator("details").all():
                        details.evaluate("details => { details.open = true; }")
                    violations = Axe().run(page).response["violations"]
                    serious = [v for v in violations if v["impact"] in ("serious", "critical")]
                    self.assertEqual([(v["id"], v["nodes"][0]["html"]) for v in serious], [])


if __name__ == "__main__":
    skip_without_browser()
    PROGRAM = sys.argv.pop(1)
    unittest.main()
