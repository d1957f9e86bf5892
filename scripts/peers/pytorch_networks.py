"""The networks of the workloads in PyTorch: modules with encode, forward, and loss of a batch N x C x H x W."""

import torch
from torch import nn
from torch.nn import functional


class Plain(nn.Module):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def encode(self, images):
        return self.encoder(images)

    def forward(self, images):
        return torch.sigmoid(self.decoder(self.encode(images)))

    def loss(self, images):
        return functional.mse_loss(self(images), images)


class LinearOutput(Plain):
    def forward(self, images):
        return self.decoder(self.encode(images))


class Variational(Plain):
    def encode(self, images):
        return self.encoder(images).chunk(2, 1)[0]

    def loss(self, images):
        mean, log_variance = self.encoder(images).float().chunk(2, 1)
        code = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        errors = functional.binary_cross_entropy_with_logits(self.decoder(code).float(), images, reduction="sum")
        divergence = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()
        return (errors + divergence) / len(images)


def dense(network):
    hidden, code = network["hidden"], network["code"]
    return Plain(dense_encoder(hidden, code), dense_decoder(hidden, code))


def vae(network):
    hidden, code = network["hidden"], network["code"]
    return Variational(dense_encoder(hidden, 2 * code), dense_decoder(hidden, code))


def dense_encoder(hidden, outputs):
    return nn.Sequential(nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, outputs))


def dense_decoder(hidden, code):
    return nn.Sequential(nn.Linear(code, hidden), nn.ReLU(), nn.Linear(hidden, 784), nn.Unflatten(1, (1, 28, 28)))


def conv(network):
    few, many = network["channels"]
    code = network["code"]
    encoder = nn.Sequential(
        nn.Conv2d(1, few, 3, stride=2, padding=1), nn.ReLU(),
        nn.Conv2d(few, many, 3, stride=2, padding=1), nn.ReLU(),
        nn.Flatten(), nn.Linear(many * 49, code))
    decoder = nn.Sequential(
        nn.Linear(code, many * 49), nn.ReLU(), nn.Unflatten(1, (many, 7, 7)),
        nn.ConvTranspose2d(many, few, 3, stride=2, padding=1, output_padding=1), nn.ReLU(),
        nn.ConvTranspose2d(few, 1, 3, stride=2, padding=1, output_padding=1))
    return Plain(encoder, decoder)


def conv_pool(network):
    few, many = network["channels"]
    code = network["code_channels"]
    encoder = nn.Sequential(
        nn.Conv2d(1, few, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(few, many, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(many, code, 3, padding=1))
    decoder = nn.Sequential(
        nn.Conv2d(code, many, 3, padding=1), nn.ReLU(),
        nn.Upsample(scale_factor=2), nn.Conv2d(many, few, 3, padding=1), nn.ReLU(),
        nn.Upsample(scale_factor=2), nn.Conv2d(few, 1, 3, padding=1))
    return LinearOutput(encoder.apply(keep_signal), decoder.apply(keep_signal))


def conv_colour(network):
    """Normalised by batch: what most of the network is."""
    channels, code = network["channels"], network["code_channels"]

    def normalised(inputs, outputs, stride):
        return (nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1), nn.BatchNorm2d(outputs), nn.ReLU())

    encoder, decoder = [], [*normalised(code, channels[-1], 1)]
    for inputs, outputs in zip([3, *channels], channels):
        encoder += normalised(inputs, outputs, 2)
    for inputs, outputs in zip(channels[:0:-1], channels[-2::-1]):
        decoder += [nn.Upsample(scale_factor=2), *normalised(inputs, outputs, 1)]
    encoder.append(nn.Conv2d(channels[-1], code, 3, padding=1))
    decoder += [nn.Upsample(scale_factor=2), nn.Conv2d(channels[0], 3, 3, padding=1)]
    return Plain(nn.Sequential(*encoder).apply(keep_signal), nn.Sequential(*decoder).apply(keep_signal))


def keep_signal(layer):
    """He's weights: with PyTorch's own, a network of convolutions alone learns black and nothing more."""
    if isinstance(layer, nn.Conv2d):
        nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(layer.bias)


def token_linear(inputs, outputs):
    layer = nn.Linear(inputs, outputs)
    nn.init.normal_(layer.weight, 0, 0.02)
    nn.init.zeros_(layer.bias)
    return layer


class SelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.projections = token_linear(width, 3 * width)
        self.output = token_linear(width, width)

    def forward(self, tokens):
        parts = self.projections(tokens).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(*parts.unbind(0))
        return self.output(mixed.transpose(1, 2).flatten(2))


class TransformerBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attention = nn.Sequential(nn.LayerNorm(width), SelfAttention(width, heads))
        self.perceptron = nn.Sequential(
            nn.LayerNorm(width), token_linear(width, 2 * width), nn.GELU(), token_linear(2 * width, width))

    def forward(self, tokens):
        tokens = tokens + self.attention(tokens)
        return tokens + self.perceptron(tokens)


def transformer(width, depth, heads):
    return nn.Sequential(*(TransformerBlock(width, heads) for _ in range(depth)), nn.LayerNorm(width))


def waves(places, width):
    frequencies = 10_000.0 ** (-torch.arange(width // 2) / (width / 2))
    angles = torch.outer(torch.arange(places).float(), frequencies)
    return torch.cat([angles.sin(), angles.cos()], 1)


def patch_positions(side, width):
    """side^2 x width: one half tells the column, the other one the row."""
    row = waves(side, width // 2).unsqueeze(1).expand(-1, side, -1)
    column = waves(side, width // 2).unsqueeze(0).expand(side, -1, -1)
    return torch.cat([column, row], 2).flatten(0, 1)


class Masked(nn.Module):
    def __init__(self, network):
        super().__init__()
        width, decoder_width, heads = network["width"], network["decoder_width"], network["heads"]
        self.side = 28 // network["patch"]
        self.patch = network["patch"]
        self.visible = round(self.side**2 * (1 - network["mask_ratio"]))
        self.embedding = token_linear(self.patch**2, width)
        self.encoder = transformer(width, network["depth"], heads)
        self.narrowing = token_linear(width, decoder_width)
        self.decoder = nn.Sequential(
            transformer(decoder_width, network["decoder_depth"], heads), token_linear(decoder_width, self.patch**2))
        self.mask_token = nn.Parameter(torch.empty(1, 1, decoder_width).normal_(0, 0.02))
        self.register_buffer("positions", patch_positions(self.side, width))
        self.register_buffer("decoder_positions", patch_positions(self.side, decoder_width))

    def loss(self, images):
        patches = self.patchify(images)
        order = torch.rand(patches.shape[:2], device=images.device).argsort(1)
        places = order.argsort(1).clamp_max(self.visible)
        tokens = pick(self.embedding(patches) + self.positions, order[:, : self.visible])
        known = self.narrowing(self.encoder(tokens))
        known = torch.cat([known, self.mask_token.to(known.dtype).expand(len(known), 1, -1)], 1)
        predicted = self.decoder(pick(known, places) + self.decoder_positions).float()
        hidden = (places == self.visible).unsqueeze(2)
        return ((predicted - patches).square() * hidden).sum() / (hidden.sum() * self.patch**2)

    def patchify(self, images):
        rows = images.unflatten(3, (self.side, self.patch)).unflatten(2, (self.side, self.patch))
        return rows.permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)


def pick(tokens, indices):
    return tokens.gather(1, indices.unsqueeze(2).expand(-1, -1, tokens.size(2)))


NETWORKS = {"dense": dense, "vae": vae, "conv": conv, "conv-pool": conv_pool, "masked": Masked,
            "conv-128": conv_colour, "conv-256": conv_colour}


def make_model(settings):
    torch.manual_seed(settings.seed)
    return NETWORKS[settings.workload](settings.network).to(settings.device)
