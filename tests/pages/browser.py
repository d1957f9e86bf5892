"""What tests of pages share: a browser, a data set, and what no page may do."""

import shutil
import subprocess
import sys

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

# Spots in the corners, and their labels, as an IDX folder.
SIDE = 12


def write_idx(path, magic, sizes, data):
    header = b"".join(number.to_bytes(4, "big") for number in (magic, *sizes))
    path.write_bytes(header + bytes(data))


def write_spots(folder, prefix, count):
    """Images of one bright square each, in the corner that their label says."""
    folder.mkdir(exist_ok=True)
    labels = [i % 4 for i in range(count)]
    pixels = bytearray()
    for i, label in enumerate(labels):
        top, left = 6 * (label // 2) + i % 3, 6 * (label % 2) + i // 3 % 3
        pixels += bytes(
            255 if top <= row < top + 4 and left <= column < left + 4 else 0
            for row in range(SIDE) for column in range(SIDE))
    write_idx(folder / f"{prefix}-images-idx3-ubyte", 0x803, (count, SIDE, SIDE), pixels)
    write_idx(folder / f"{prefix}-labels-idx1-ubyte", 0x801, (count,), labels)


def run(program, folder, *words):
    subprocess.run([program, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


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


class PageCase:
    """For unittest.TestCase: pages that may report no problem, nor ask another address than theirs."""

    def open(self, address, width=1280, scheme="light", **more):
        context = self.browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **more)
        self.addCleanup(context.close)
        page = context.new_page()
        problems = []
        self.addCleanup(lambda: self.assertEqual(problems, []))
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: self.note_request(address, request.url, problems))
        page.goto(address)
        return page

    @staticmethod
    def note_request(address, url, problems):
        own = "file:" if address.startswith("file:") else address
        if not url.startswith((own, "data:")):
            problems.append(f"asked for {url}")

    def expect_no_violation(self, page, impacts):
        violations = Axe().run(page).response["violations"]
        found = [(each["id"], each["nodes"][0]["html"]) for each in violations if each["impact"] in impacts]
        self.assertEqual(found, [])

    @staticmethod
    def pixels(canvas):
        """The brightness of each pixel of a canvas."""
        return canvas.evaluate("""canvas => Array.from(
            canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.filter((_, i) => i % 4 === 0))""")
