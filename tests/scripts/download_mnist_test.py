"""Tests scripts/download-mnist against web servers on this machine."""

import contextlib
import gzip
import hashlib
import http.server
import io
import os
import pathlib
import socket
import sys
import tempfile
import threading
import unittest
from unittest import mock

sys.dont_write_bytecode = True
from loading import load_script  # noqa: E402

CONTENT = {
    "train-images-idx3-ubyte": os.urandom(100_000),
    "train-labels-idx1-ubyte": b"labels" * 100,
    "t10k-images-idx3-ubyte": os.urandom(50_000),
    "t10k-labels-idx1-ubyte": b"more labels" * 10,
}
FILES = {f"{name}.gz": gzip.compress(content, mtime=0) for name, content in CONTENT.items()}
IMAGES = "train-images-idx3-ubyte.gz"
PART = f".{IMAGES}.part"


class Mirror(http.server.ThreadingHTTPServer):
    """Serves `files`, with ranges when `resumes`; breaks off after `breaks_off` bytes; remembers requests."""

    daemon_threads = True

    def __init__(self, files, resumes=True, breaks_off=None):
        self.files, self.resumes, self.breaks_off = files, resumes, breaks_off
        self.requests = []  # (file, range header)
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/"

    def asked(self, name):
        return [header for file, header in self.requests if file == name]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name, header = self.path.lstrip("/"), self.headers.get("Range")
        self.server.requests.append((name, header))
        content = self.server.files.get(name)
        if content is None:
            return self.send_error(404)
        start = int(header[len("bytes=") : -1]) if header and self.server.resumes else 0
        if header and start >= len(content):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the probe of a mirror does not wait for the body
            self.wfile.write(content[start:][: self.server.breaks_off])

    def log_message(self, *_):
        pass


class DownloadMnist(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="download mnist ")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name) / "data" / "mnist"
        self.script = load_script("download-mnist")
        self.script.SHA256 = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENT.items()}

    def mirror(self, files=None, **behaviour):
        server = Mirror(FILES if files is None else files, **behaviour)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def download(self, *urls):
        """Exit status, standard output and error of `download-mnist FOLDER` with these mirrors."""
        output, errors = io.StringIO(), io.StringIO()
        environment = {"AUTOENCODER_MNIST_MIRRORS": " ".join(urls), "no_proxy": "*"}
        with mock.patch.dict(os.environ, environment):
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
                status = self.script.main([str(self.folder)])
        return status, output.getvalue(), errors.getvalue()

    def put(self, name, content):
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_bytes(content)

    def assert_complete(self):
        self.assertEqual({path.name: path.read_bytes() for path in self.folder.iterdir()}, FILES)

    def test_fetches_the_four_files(self):
        self.assertEqual(self.download(self.mirror().url)[0], 0)
        self.assert_complete()

    def test_leaves_right_files_alone(self):
        self.download(self.mirror().url)
        mirror = self.mirror()
        status, output, _ = self.download(mirror.url)
        self.assertEqual(status, 0)
        self.assertIn("MNIST is there", output)
        self.assertEqual(mirror.requests, [])

    def test_takes_unpacked_files_of_either_naming_for_right(self):
        for name, content in CONTENT.items():
            self.put(name.replace("t10k-images-idx3", "t10k-images.idx3"), content)
        mirror = self.mirror()
        self.assertEqual(self.download(mirror.url)[0], 0)
        self.assertEqual(mirror.requests, [])

    def test_replaces_a_damaged_file(self):
        self.download(self.mirror().url)
        self.put(IMAGES, FILES[IMAGES][:-100])
        self.assertEqual(self.download(self.mirror().url)[0], 0)
        self.assert_complete()

    def test_resumes_a_partial_file(self):
        self.put(PART, FILES[IMAGES][:60_000])
        mirror = self.mirror()
        self.assertEqual(self.download(mirror.url)[0], 0)
        self.assert_complete()
        self.assertIn("bytes=60000-", mirror.asked(IMAGES))

    def test_starts_over_where_the_server_cannot_resume(self):
        self.put(PART, FILES[IMAGES][:60_000])
        self.assertEqual(self.download(self.mirror(resumes=False).url)[0], 0)
        self.assert_complete()

    def test_starts_over_where_the_partial_file_is_of_something_else(self):
        for garbage in (b"x" * 1000, FILES[IMAGES] + b"x" * 1000):
            self.put(PART, garbage)
            (self.folder / IMAGES).unlink(missing_ok=True)
            self.assertEqual(self.download(self.mirror().url)[0], 0)
            self.assert_complete()

    def test_takes_a_partial_file_that_is_complete(self):
        self.put(PART, FILES[IMAGES])
        self.assertEqual(self.download(self.mirror().url)[0], 0)
        self.assert_complete()

    def test_goes_on_at_the_next_mirror_where_one_broke_off(self):
        broken, whole = self.mirror(breaks_off=40_000), self.mirror()
        self.assertEqual(self.download(broken.url, whole.url)[0], 0)
        self.assert_complete()
        self.assertEqual(whole.asked(IMAGES)[-1], "bytes=40000-")

    def test_keeps_what_came_for_the_next_call(self):
        status, _, errors = self.download(self.mirror(breaks_off=40_000).url)
        self.assertEqual(status, 1)
        self.assertIn(f"the connection broke off {len(FILES[IMAGES]) - 40_000} bytes before the end", errors)
        self.assertEqual((self.folder / PART).read_bytes(), FILES[IMAGES][:40_000])
        self.assertFalse((self.folder / IMAGES).exists())

    def test_rejects_other_content(self):
        forged = {name: gzip.compress(b"not MNIST") for name in FILES}
        status, _, errors = self.download(self.mirror(forged).url)
        self.assertEqual(status, 1)
        self.assertIn("wrong SHA-256", errors)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_rejects_a_page_in_place_of_the_file(self):
        status, _, errors = self.download(self.mirror({name: b"<html>sign in</html>" for name in FILES}).url)
        self.assertEqual(status, 1)
        self.assertIn("wrong SHA-256", errors)

    def test_takes_the_next_mirror_after_other_content(self):
        forged = self.mirror({name: gzip.compress(b"not MNIST") for name in FILES})
        self.assertEqual(self.download(forged.url, self.mirror().url)[0], 0)
        self.assert_complete()
        self.assertGreater(len(forged.asked(IMAGES)), 1)  # the probe, and the download

    def test_passes_over_a_mirror_that_lacks_a_file(self):
        lacking = {name: content for name, content in FILES.items() if not name.startswith("t10k-labels")}
        self.assertEqual(self.download(self.mirror(lacking).url, self.mirror().url)[0], 0)
        self.assert_complete()

    def test_passes_over_a_mirror_that_is_down(self):
        self.assertEqual(self.download("http://127.0.0.1:1/", self.mirror().url)[0], 0)
        self.assert_complete()

    def test_offline_is_a_clear_error(self):
        status, _, errors = self.download("http://127.0.0.1:1/", "http://127.0.0.1:2/")
        self.assertEqual(status, 1)
        self.assertRegex(errors, r"^error: no mirror of MNIST answers \(http://127.0.0.1:1/, http://127.0.0.1:2/\)")
        self.assertIn(f"put MNIST's four files (train-images-idx3-ubyte.gz, ...) into {self.folder} by hand", errors)
        self.assertEqual(errors.count("\n"), 1)
        self.assertFalse(self.folder.exists())

    def test_does_not_wait_for_a_mirror_that_never_answers(self):
        self.script.SECONDS_TO_ANSWER = 0.2
        with socket.create_server(("127.0.0.1", 0)) as silent:
            status, _, errors = self.download(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        self.assertEqual(status, 1)
        self.assertIn("no mirror of MNIST answers", errors)

    def test_does_not_wait_for_a_name_look_up_that_hangs(self):
        self.script.SECONDS_TO_ANSWER = 0.2
        end_of_test = threading.Event()
        self.addCleanup(end_of_test.set)

        def look_up(*_, **__):
            end_of_test.wait(5)
            return io.BytesIO()

        with mock.patch.object(self.script.urllib.request, "urlopen", look_up):
            status, _, errors = self.download("http://mirror.invalid/")
        self.assertEqual(status, 1)
        self.assertIn("no mirror of MNIST answers", errors)

    def test_a_folder_that_cannot_be_made_is_an_error(self):
        self.folder.parent.mkdir(parents=True)
        self.folder.write_text("a file is in the way")
        status, _, errors = self.download(self.mirror().url)
        self.assertEqual(status, 1)
        self.assertIn(str(self.folder), errors)

    def test_wrong_arguments_show_the_usage(self):
        with contextlib.redirect_stdout(io.StringIO()) as output:
            self.assertEqual(self.script.main(["--help"]), 0)
            self.assertEqual(self.script.main(["one", "two"]), 2)
        self.assertIn("scripts/download-mnist [FOLDER]", output.getvalue())


if __name__ == "__main__":
    unittest.main()
