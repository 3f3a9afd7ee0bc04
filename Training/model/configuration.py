"""The sizes of a model. Field names are those of the released `config.json` where it has them."""

from dataclasses import dataclass, field

from .efficientnet import EfficientNetConfiguration


@dataclass(frozen=True)
class VisionConfiguration:
    """CLIP's vision tower (`vision_tower/config.json`)."""

    image_size: int = 112
    patch_size: int = 14
    hidden_size: int = 192
    intermediate_size: int = 768
    num_hidden_layers: int = 7  # The last is never run: features are the output of the last layer but one.
    num_attention_heads: int = 3
    layer_norm_eps: float = 1e-5

    @property
    def patches(self) -> int:
        return (self.image_size // self.patch_size) ** 2


@dataclass(frozen=True)
class Configuration:
    """The whole model (`config.json`)."""

    vocab_size: int = 3072
    hidden_size: int = 192
    intermediate_size: int = 512
    num_hidden_layers: int = 4
    num_attention_heads: int = 3
    num_key_value_heads: int = 3
    rms_norm_eps: float = 1e-5
    rope_theta: float = 10000.0
    compressor_size: int = 1  # 0: every patch goes into the language model (for comparison; not a released format).
    prefusion_layer_num: int = 2  # 0: text meets the image in the language model alone.
    mm_vision_select_layer: int = -2
    vision: VisionConfiguration | EfficientNetConfiguration = field(default_factory=VisionConfiguration)

    @property
    def head_dim(self) -> int:
        return self.hidden_size // self.num_attention_heads
