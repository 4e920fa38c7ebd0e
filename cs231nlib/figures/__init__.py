"""The pictures of the course, one function each; every knob is an argument, every result a Figure."""

from cs231nlib.figures.activations import fig_relu
from cs231nlib.figures.chain import fig_chain
from cs231nlib.figures.covariance import fig_covariance
from cs231nlib.figures.derivatives import fig_product, fig_secant
from cs231nlib.figures.gates import fig_gates
from cs231nlib.figures.half_plane import fig_half_plane
from cs231nlib.figures.learning_rates import fig_learning_rates
from cs231nlib.figures.networks import fig_dropout, fig_neural_nets
from cs231nlib.figures.neuron import fig_neuron_net
from cs231nlib.figures.normalization import fig_normalization
from cs231nlib.figures.overfitting import fig_l2, fig_overfitting
from cs231nlib.figures.shapes import fig_shape_flow
from cs231nlib.figures.valley import fig_valley
from cs231nlib.figures.walks import fig_walks

__all__ = [
    "fig_chain",
    "fig_covariance",
    "fig_dropout",
    "fig_gates",
    "fig_half_plane",
    "fig_l2",
    "fig_learning_rates",
    "fig_neural_nets",
    "fig_neuron_net",
    "fig_normalization",
    "fig_overfitting",
    "fig_product",
    "fig_relu",
    "fig_secant",
    "fig_shape_flow",
    "fig_valley",
    "fig_walks",
]
