"""Figures of `rate`: bits a pixel of our codes beside those of other codecs."""

import functools

from .figures import Figure


def our_rate(rates):
    return next(rate for rate in rates if (rate["codec"], rate["setting"]) == ("autoencoder", "extra error 0.1"))


def bits_at_our_quality(output, grouping, codec):
    """Bits a pixel that a codec takes for the error that ours has at its usual setting; between two of its settings
    the PSNR is taken to be linear in the bits. Where its lowest quality is better than ours, the bits of that."""
    quality = our_rate(output[grouping])["psnr"]
    curve = sorted((rate["psnr"], rate["bits_per_pixel"]) for rate in output[grouping]
                   if rate["codec"] == codec and "psnr" in rate)
    for (low, few), (high, many) in zip(curve, curve[1:]):
        if low <= quality <= high:
            return few + (many - few) * (quality - low) / (high - low)
    return curve[0][1]


def rates(grouping, name):
    return tuple(Figure(f"{name}, bits a pixel at our PSNR or its lowest: {codec}", 3, ("rate",),
                        functools.partial(bits_at_our_quality, grouping=grouping, codec=codec))
                 for codec in ("autoencoder", "JPEG", "WebP"))


def lossless_bits(name, codec, setting):
    def bits(output):
        return next(rate["bits_per_pixel"] for rate in output["rate-sheets"]
                    if (rate["codec"], rate["setting"]) == (codec, setting))

    return Figure(f"sheets, lossless: {name}", 3, ("rate",), bits)


RATES = (
    Figure("our PSNR, dB", 2, ("rate",), lambda output: our_rate(output["rate-sheets"])["psnr"]),
    *rates("rate-single", "image by image"),
    *rates("rate-sheets", "sheets of 100"),
    lossless_bits("autoencoder", "autoencoder", "lossless"),
    lossless_bits("PNG", "PNG", ""),
    lossless_bits("WebP", "WebP lossless", ""),
    Figure("the model itself, bytes", 0, ("rate",), lambda output: output["model_bytes"]),
)
