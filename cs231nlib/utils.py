"""The names the first notebook of the course imported, under the module names it used."""

from cs231nlib.batches import load_CIFAR_batch
from cs231nlib.cifar import load_CIFAR10
from cs231nlib.pictures import imread, imresize, imsave
from cs231nlib.visualize import visualize_CIFAR

__all__ = ["imread", "imresize", "imsave", "load_CIFAR10", "load_CIFAR_batch", "visualize_CIFAR"]
