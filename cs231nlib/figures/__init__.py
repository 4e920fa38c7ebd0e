"""The pictures of the course, one function each; every knob is an argument, every result a Figure."""

from cs231nlib.figures.activations import fig_relu
from cs231nlib.figures.chain import fig_chain
from cs231nlib.figures.networks import fig_dropout, fig_neural_nets
from cs231nlib.figures.neuron import fig_neuron_net
from cs231nlib.figures.normalization import fig_normalization
from cs231nlib.figures.overfitting import fig_overfitting

__all__ = [
    "fig_chain",
    "fig_dropout",
    "fig_neural_nets",
    "fig_neuron_net",
    "fig_normalization",
    "fig_overfitting",
    "fig_relu",
]
