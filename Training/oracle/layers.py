"""The parts that models are made of, in numpy; arrays are [tokens, width]."""

import math

import numpy as np

_erf = np.vectorize(math.erf, otypes=[np.float32])


def linear(x, weights, name):
    y = x @ weights[f"{name}.weight"].T
    bias = weights.get(f"{name}.bias")
    return y if bias is None else y + bias


def layer_norm(x, weights, name, epsilon=1e-5):
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + epsilon)
    return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def rms_norm(x, weights, name, epsilon):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + epsilon) * weights[f"{name}.weight"]


def softmax(x):
    exponentials = np.exp(x - x.max(-1, keepdims=True))
    return exponentials / exponentials.sum(-1, keepdims=True)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gelu(x):
    return x * (1 + _erf(x / np.float32(math.sqrt(2)))) / 2


def heads(x, count):
    """[tokens, width] as [heads, tokens, width / heads]"""
    return x.reshape(len(x), count, -1).transpose(1, 0, 2)


def attend(q, k, v, mask=None):
    """Attention by heads; the joined outputs and the weights [heads, queries, keys]."""
    scores = q @ k.transpose(0, 2, 1) / np.float32(math.sqrt(q.shape[-1]))
    if mask is not None:
        scores = np.where(mask, scores, np.float32(-1e30))
    weights = softmax(scores)
    return (weights @ v).transpose(1, 0, 2).reshape(q.shape[1], -1), weights


def bicubic_matrix(source, target):
    """[target, source]: torch's bicubic interpolation, a = -0.75, corners not aligned."""
    a = -0.75
    matrix = np.zeros((target, source), np.float32)
    for row in range(target):
        centre = (row + 0.5) * source / target - 0.5
        first = math.floor(centre)
        for tap in range(first - 1, first + 3):
            t = abs(centre - tap)
            if t <= 1:
                factor = (a + 2) * t**3 - (a + 3) * t**2 + 1
            else:
                factor = a * (t**3 - 5 * t**2 + 8 * t - 4)
            matrix[row, min(max(tap, 0), source - 1)] += factor
    return matrix
