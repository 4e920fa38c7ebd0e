"""The layers of four famous networks, as their papers give them, to be counted.

A row is ("conv", k, C, F), F filters of k x k x C; ("dense", D, M); or ("norm", F), a batch normalization,
which takes the place of the biases of the convolution before it and has two numbers for each of its filters.
"""

from itertools import pairwise

LENET = (  # LeCun, Bottou, Bengio, Haffner 1998; all maps connected, as it is written today
    ("conv", 5, 1, 6),
    ("conv", 5, 6, 16),
    ("dense", 400, 120),
    ("dense", 120, 84),
    ("dense", 84, 10),
)
ALEXNET = (  # Krizhevsky, Sutskever, Hinton 2012; three of its convolutions see one half of the maps each
    ("conv", 11, 3, 96),
    ("conv", 5, 48, 256),
    ("conv", 3, 256, 384),
    ("conv", 3, 192, 384),
    ("conv", 3, 192, 256),
    ("dense", 9216, 4096),
    ("dense", 4096, 4096),
    ("dense", 4096, 1000),
)


def _vgg():
    """VGG-16 (Simonyan, Zisserman 2014): 3 x 3 everywhere, twice as many filters after each pooling."""
    widths = (3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512)
    convs = [("conv", 3, C, F) for C, F in pairwise(widths)]
    return (*convs, ("dense", 25088, 4096), ("dense", 4096, 4096), ("dense", 4096, 1000))


def _resnet():
    """ResNet-50 (He, Zhang, Ren, Sun 2015): 16 blocks of three convolutions, four with one more."""
    rows, C = [("conv", 7, 3, 64), ("norm", 64)], 64
    for width, blocks in ((64, 3), (128, 4), (256, 6), (512, 3)):
        for block in range(blocks):
            sizes = [(1, C, width), (3, width, width), (1, width, 4 * width)]
            sizes += [(1, C, 4 * width)] if block == 0 else []
            rows += [row for k, c, F in sizes for row in (("conv", k, c, F), ("norm", F))]
            C = 4 * width
    return (*rows, ("dense", 2048, 1000))


KNOWN_NETS = {
    "LeNet-5 (1998)": LENET,
    "AlexNet (2012)": ALEXNET,
    "VGG-16 (2014)": _vgg(),
    "ResNet-50 (2015)": _resnet(),
}
