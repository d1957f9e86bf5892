"""Tests what the clients of `scripts/benchmark endurance` make of a service's answers. The services here are made up."""

import http.server
import json
import pathlib
import sys
import threading
import time
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.benchmark import endurance  # noqa: E402

BAD = (422, "POST", "/encode", b"nonsense")


class Halving(http.server.BaseHTTPRequestHandler):
    """Codes are half the pixels; `late` says what all but the first answers are."""

    late = staticmethod(lambda codes: (200, codes))
    answered = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            status, codes = 200, [[pixel / 2 for pixel in json.loads(body)["examples"][0]]]
        except ValueError:
            status, codes = 422, []
        type(self).answered += 1
        if status == 200 and self.answered > endurance.PICTURES:
            status, codes = self.late(codes)
        content = json.dumps({"codes": codes}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128  # of connections that nobody has taken yet; with the usual 5 some are refused

    def handle_error(self, *_):
        pass  # of clients that broke off


class Clients(unittest.TestCase):
    def setUp(self):
        pictures = [[number / 64, 1.0] for number in range(endurance.PICTURES)]
        self.enterContext(mock.patch.object(endurance, "read_images", return_value=pictures))
        self.enterContext(mock.patch.object(endurance, "BAD_REQUESTS", (BAD,)))
        self.enterContext(mock.patch.object(endurance, "PACE", 0.001))

    def counts(self, late=lambda codes: (200, codes)):
        class Service(Halving):
            pass

        Service.late = staticmethod(late)
        with Server(("127.0.0.1", 0), Service) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            clients = endurance.Clients(server.server_port, "", time.monotonic() + 0.5)
            clients.run(lambda: 1.0, 0.5)
            server.shutdown()
            thread.join()
        return clients.counts

    def test_right_answers_and_refusals_are_counted(self):
        counts = self.counts()
        for outcome in ("good", "refused", "broken", "slow"):
            self.assertGreater(counts[outcome], 0, outcome)
        for outcome in ("wrong", "unanswered", "misjudged"):
            self.assertEqual(counts[outcome], 0, outcome)

    def test_a_code_of_another_picture_is_wrong(self):
        counts = self.counts(late=lambda codes: (200, [[codes[0][0] + 0.01, codes[0][1]]]))
        self.assertGreater(counts["wrong"], 0)
        self.assertEqual(counts["good"], 0)

    def test_what_is_refused_without_reason_is_unanswered(self):
        counts = self.counts(late=lambda codes: (503, codes))
        self.assertGreater(counts["unanswered"], 0)
        self.assertEqual(counts["good"], 0)

    def test_a_bad_request_that_is_taken_is_misjudged(self):
        with mock.patch.object(endurance, "BAD_REQUESTS", ((404, *BAD[1:]),)):
            counts = self.counts()
        self.assertGreater(counts["misjudged"], 0)
        self.assertEqual(counts["refused"], 0)


if __name__ == "__main__":
    unittest.main()
