"""All rows of RESULTS.md, by the headings that they stand under."""

from .adbench import AnomalyTables
from .anomalies import CardPayments, OneClass, WovenFabric
from .compression import RATES, rates
from .figures import classified, evaluated, few_labels, log_likelihood
from .imputation import Imputation
from .nab import NumentaSeries
from .non_local_means import NonLocalMeans
from .photographs import Photographs, compared
from .row import Row
from .synthetic import SyntheticRows
from .tsne_map import TsneMap

MSE = evaluated("test MSE", "mse")
BCE = evaluated("test BCE, nats a pixel", "bce", 4)
ELBO = evaluated("ELBO, nats", "elbo", 2)
SHIFT = evaluated("code shift, s.d.", "code_shift", 3)
ACTIVE = evaluated("active units (L0)", "l0", 1)
EXPLAINED = evaluated("explained variance", "explained_variance", 4)
DEAD = evaluated("dead units", "dead_units", 0)
NEIGHBOURS = classified("5-NN accuracy, %", "nearest_neighbours")
NOISY = ("--corruption", "gaussian:0.3")
DENOISED = evaluated("PSNR from gaussian:0.3, dB", "psnr", 2, NOISY)
NOISE = evaluated("PSNR of the noisy input, dB", "corrupted_psnr", 2, NOISY)
THOUSAND = ("--labels", "1000", "--draws", "5")
PROBE = classified("linear probe on codes, 1,000 labels, %", "logistic_regression", "codes", THOUSAND)
PIXEL_PROBE = classified("on raw pixels, %", "logistic_regression", "pixels", THOUSAND)

# Rows whose runs others measure as well.
MNIST_DENSE = Row("mnist-dense", "784-128-32-128-784", (MSE,), "PCA, 32 components: 0.01683 (computed here)")
CONV = Row("conv", "32 and 64 channels, stride 2, code 32", (MSE,), options=("--model", "conv", "--epochs", "20"))
VAE = Row("vae", "784-400-20, BCE", (ELBO, log_likelihood(100)), picture="samples.png")

SECTIONS = {
    "Dense": (
        MNIST_DENSE,
        Row("mnist-deep", "784-256-128-32 and back", (MSE,)),
        Row("mnist-shallow", "784-32-784, BCE", (BCE, MSE),
            "validation BCE 0.09 (Chollet, Building Autoencoders in Keras, 2016)"),
        Row("mnist-stacked", "784-128-64-32 and back, BCE", (BCE, MSE)),
        Row("mnist-linear", "784-32-784, linear", (
            MSE, evaluated("largest principal angle to PCA's subspace, degrees", "largest_angle", 2)),
            "PCA, 32 components: 0.01683 (computed here)"),
        Row("digits-shallow", "64-8-64, ReLU, 8x8 digits", (
            evaluated("test MSE in units of 0..16", "mse", 2, scale=256), NEIGHBOURS),
            "MSE 7.62, 5-NN 91.9 % (scikit-learn's MLPRegressor, same network)"),
        Row("digits-2d", "64-2-64, 8x8 digits", (MSE, NEIGHBOURS),
            "5-NN 8.6 % (scikit-learn's MLPRegressor, whose ReLU code dies)"),
    ),
    "Convolutional": (
        CONV,
        Row("mnist-conv-pool", "pooled, 7x7 code", (MSE,), seeds=1),
        Row("mnist-residual", "residual, group norm, code 32", (MSE,), seeds=1),
    ),
    "Denoising": (
        NonLocalMeans(),
        Row("conv-gaussian", "conv, code 32, trained without noise", (NOISE, DENOISED), seeds=1,
            options=("--model", "conv", "--epochs", "10")),
        Row("mnist-denoising", "conv, code 32", (NOISE, DENOISED)),
        Row("mnist-denoising-wide", "conv, code 64x7x7", (NOISE, DENOISED), seeds=1),
    ),
    "Sparse": (
        Row("mnist-sparse-l1", "784-1024-784, L1", (MSE, ACTIVE, EXPLAINED, DEAD, PROBE), seeds=1),
        Row("mnist-sparse-kl", "784-1024-784, KL to 0.05", (MSE, ACTIVE, EXPLAINED, DEAD, PROBE), seeds=1),
        Row("mnist-k-sparse", "784-1024-784, k = 32", (MSE, ACTIVE, EXPLAINED, DEAD, PROBE), seeds=1),
        Row("mnist-batch-topk", "784-1024-784, k = 32 on average", (MSE, ACTIVE, EXPLAINED, DEAD, PROBE), seeds=1),
    ),
    "Contractive": (
        Row("sigmoid-plain", "784-128-784, sigmoid code, no penalty", (MSE, SHIFT), recipe="mnist-contractive",
            options=("--strength", "0")),
        Row("sigmoid-denoising", "784-128-784, sigmoid code, gaussian:0.3", (MSE, SHIFT), recipe="mnist-contractive",
            options=("--strength", "0", "--corruption", "gaussian:0.3")),
        Row("mnist-contractive", "784-128-784, sigmoid code, Jacobian penalty", (MSE, SHIFT)),
    ),
    "Concrete": (
        Row("mnist-concrete", "K = 20, decoder 320-320", (MSE, evaluated("sharpness of the selectors", "sharpness", 4))),
    ),
    "Variational": (
        VAE,
        Row("beta-vae", "784-400-20, beta 4", (ELBO,), seeds=1, picture="samples.png"),
        Row("conv-vae", "conv, code 20", (ELBO,), seeds=1, picture="samples.png"),
        Row("vae-burda", "50 latent, 2 x 200 tanh, k = 1, 30 epochs", (
            log_likelihood(1), log_likelihood(50), log_likelihood(5000)),
            "86.76 (Burda et al. 2016, table 1; 3,280 epochs)", seeds=1, picture="samples.png"),
        Row("iwae", "50 latent, 2 x 200 tanh, k = 50, 30 epochs", (
            log_likelihood(1), log_likelihood(50), log_likelihood(5000)),
            "84.78 (Burda et al. 2016, table 1; 3,280 epochs)", seeds=1, picture="samples.png"),
    ),
    "Masked": (
        Row("mnist-masked", "patches of 4, 75 % masked", (PROBE, PIXEL_PROBE), seeds=1),
    ),
    "Anomalies": (
        OneClass(),
        CardPayments(),
        WovenFabric("fabric-restore", "3x128x128, made-up defects to repair"),
        WovenFabric("fabric", "3x128x128, trained by SSIM (Bergmann et al. 2019)"),
        AnomalyTables("adbench", "adbench",
                      "43 tables, of 50,000 rows at most, AUROC: nearest neighbours 84.26, LOF 81.11, isolation forest "
                      "79.21, PyOD's VAE 77.85, PCA 76.96 (Livernoche et al. 2024)"),
        AnomalyTables("mvtec-resnet18", "mvtec-resnet18"),
        NumentaSeries(),
    ),
    "Imputation": (Imputation(),),
    "Made-up rows": (SyntheticRows(),),
    "Compression": (
        Photographs("photos", "3x64x64-8x4x4 and back: crops of photographs by 128 numbers", (
            compared("test MSE", "mse", 5, 0), compared("PCA, 128 components: test MSE", "mse", 5, 1),
            compared("SSIM", "ssim", 3, 0), compared("PCA, 128 components: SSIM", "ssim", 3, 1),
            *rates("rate-single", "image by image")), picture="compare.png"),
        Row("rate-mnist", "conv, code 32; 1,000 test images", RATES, seeds=1, runs_of=CONV, picture="rate-sheets.png"),
        Row("rate-fashion-mnist", "conv, code 32; 1,000 test images", RATES, seeds=1,
            options=("--model", "conv", "--data", "fashion-mnist", "--epochs", "20"), picture="rate-sheets.png"),
    ),
    "Codes": (
        Row("few-labels", "codes of vae, 5 draws", few_labels(10) + few_labels(100) + few_labels(1000),
            runs_of=VAE),
        TsneMap(MNIST_DENSE),
    ),
    "Points": (
        Row("circle", "2-4-1-4-2, sigmoid", (MSE,), seeds=1),
        Row("circle-linear", "2-16-16-1 and back, tanh, linear output", (MSE,), seeds=1),
    ),
}
ROWS = {row.name: row for rows in SECTIONS.values() for row in rows}
