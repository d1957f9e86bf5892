"""Tests how the figures of RESULTS.md are found in what our program prints."""

import pathlib
import sys
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.reproduce import compression, figures  # noqa: E402


def rate(codec, setting, bits, psnr=None):
    return {"codec": codec, "setting": setting, "bits_per_pixel": bits} | ({} if psnr is None else {"psnr": psnr})


class Read(unittest.TestCase):
    def measured(self, figure, output):
        """Beside the value, the command that it was read from."""
        with mock.patch.object(figures, "output_of", return_value=output) as output_of:
            return figure.measure(pathlib.Path("runs/a")), " ".join(output_of.call_args.args)

    def test_a_number_of_evaluate_by_its_key_and_scale(self):
        noisy = figures.evaluated("PSNR", "psnr", 2, ("--corruption", "gaussian:0.3"))
        self.assertEqual(self.measured(noisy, {"mse": 1, "psnr": 20.5}),
                         (20.5, "evaluate runs/a --corruption gaussian:0.3"))
        self.assertEqual(self.measured(figures.log_likelihood(50), {"log_likelihood": -90.25}),
                         (90.25, "evaluate runs/a --nll-samples 50"))

    def test_an_accuracy_by_classifier_and_features_in_percent(self):
        output = {"results": [
            {"classifier": "nearest_neighbours", "features": "codes", "accuracy": 0.25},
            {"classifier": "logistic_regression", "features": "pixels", "accuracy": 0.5},
            {"classifier": "logistic_regression", "features": "codes", "accuracy": 0.75}]}
        self.assertEqual([(figure.name, *self.measured(figure, output)) for figure in figures.few_labels(10)], [
            ("logistic regression on codes, 10 labels, %", 75, "classify runs/a --labels 10 --draws 5"),
            ("logistic regression on pixels, 10 labels, %", 50, "classify runs/a --labels 10 --draws 5")])
        self.assertEqual(self.measured(figures.classified("5-NN", "nearest_neighbours"), output)[0], 25)


class Spread(unittest.TestCase):
    def test_is_mean_and_standard_deviation_of_a_sample(self):
        self.assertEqual(figures.spread([1, 2, 3], 3), "2.000 ± 1.000")

    def test_of_one_value_is_the_value(self):
        self.assertEqual(figures.spread([0.12345], 2), "0.12")


class Rates(unittest.TestCase):
    OUTPUT = {
        "rate-sheets": [
            rate("autoencoder", "lossless", 2.5), rate("autoencoder", "extra error 0.1", 0.25, 22),
            rate("JPEG", "90", 4, 28), rate("JPEG", "50", 2, 24), rate("JPEG", "10", 1, 20),
            rate("WebP", "10", 3, 30), rate("WebP", "50", 5, 40), rate("PNG", "", 3.5)],
        "rate-single": [rate("autoencoder", "extra error 0.1", 0.5, 24), rate("JPEG", "50", 2, 24)],
        "model_bytes": 1000}

    def test_bits_at_our_quality_lie_between_two_settings(self):
        self.assertEqual(compression.bits_at_our_quality(self.OUTPUT, "rate-sheets", "JPEG"), 1.5)

    def test_a_codec_that_is_better_at_its_lowest_quality_is_taken_at_that(self):
        self.assertEqual(compression.bits_at_our_quality(self.OUTPUT, "rate-sheets", "WebP"), 3)

    def test_ours_are_those_of_the_usual_setting(self):
        self.assertEqual(compression.bits_at_our_quality(self.OUTPUT, "rate-sheets", "autoencoder"), 0.25)

    def test_the_rest_is_read_from_the_sheets(self):
        read = {figure.name: figure.read for figure in compression.RATES}
        self.assertEqual([read[name](self.OUTPUT) for name in (
            "our PSNR, dB", "sheets, lossless: autoencoder", "sheets, lossless: PNG", "the model itself, bytes")],
            [22, 2.5, 3.5, 1000])


if __name__ == "__main__":
    unittest.main()
