"""EfficientNet-Lite's features in numpy, written from MODEL.md alone; arrays are [channels, height, width]."""

import math

import numpy as np

from layers import layer_norm, linear

MODEL_TYPE = "efficientnet_lite"


def features(pixels: np.ndarray, vision: dict, weights: dict[str, np.ndarray]) -> np.ndarray:
    """[3, side, side] to [places, width]."""
    x = relu6(convolved(pixels, weights, "vision_model.stem", 2))
    for index, (stride, expands) in enumerate(blocks(vision)):
        x = block(x, weights, f"vision_model.blocks.{index}", stride, expands)
    places = x.reshape(len(x), -1).T
    places = linear(relu6(linear(places, weights, "vision_model.head")), weights, "vision_model.neck")
    epsilon = vision["layer_norm_eps"]
    return (layer_norm(places, weights, "vision_model.norm", epsilon)
            + weights["vision_model.position_embedding.weight"])


def blocks(vision: dict) -> list[tuple[int, bool]]:
    """Every block's stride and whether it widens."""
    result = []
    for stride, ratio, repeats in zip(
            vision["strides"], vision["expand_ratios"], vision["num_block_repeats"]):
        result += [(stride if index == 0 else 1, ratio > 1) for index in range(repeats)]
    return result


def block(x, weights, name, stride, expands):
    wide = relu6(across(x, weights, f"{name}.expand")) if expands else x
    wide = relu6(convolved(wide, weights, f"{name}.depthwise", stride))
    narrow = across(wide, weights, f"{name}.project")
    return narrow + x if narrow.shape == x.shape else narrow


def across(x, weights, name):
    """A linear layer over the channels."""
    rows = linear(x.reshape(len(x), -1).T, weights, name)
    return rows.T.reshape(-1, *x.shape[1:])


def convolved(x, weights, name, stride):
    """A convolution with zeros around, the odd one right and below; channel by channel where the
    kernel has but one."""
    weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    kernel, edge = weight.shape[-1], x.shape[-1]
    out = math.ceil(edge / stride)
    total = max((out - 1) * stride + kernel - edge, 0)
    sides = (total // 2, total - total // 2)
    padded = np.pad(x, ((0, 0), sides, sides))
    result = np.zeros((len(weight), out, out), np.float32)
    for row in range(out):
        for column in range(out):
            top, left = row * stride, column * stride
            part = padded[:, top:top + kernel, left:left + kernel]
            seen = part[:, None] if weight.shape[1] == 1 else part[None]
            result[:, row, column] = (weight * seen).sum((1, 2, 3)) + bias
    return result


def relu6(x):
    return np.clip(x, 0, 6)
