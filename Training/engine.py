"""Asks the Swift engine, through its command line, as `answering.ask` asks PyTorch."""

import json
import subprocess
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

_FILES_AT_ONCE = 500


@dataclass
class Engine:
    """The built program and the model folder that it is to use."""

    program: Path
    model: Path

    def ask(self, pictures: list[np.ndarray], prompts: list[str]) -> list[str]:
        """The answers to a prompt about each picture [112, 112, 3] or clip [seconds, 112, 112, 3].

        Pictures are handed over as PNG, clips as video of one frame a second, both without loss.
        """
        with tempfile.TemporaryDirectory() as folder:
            files = [_write(pixels, Path(folder, str(number))) for number, pixels in enumerate(pictures)]
            groups: dict[str, list[Path]] = defaultdict(list)
            for file, prompt in zip(files, prompts, strict=True):
                groups[prompt].append(file)
            answers: dict[str, str] = {}
            for prompt, members in groups.items():
                for start in range(0, len(members), _FILES_AT_ONCE):
                    answers |= self._answers(members[start : start + _FILES_AT_ONCE], prompt)
            return [answers[str(file)] for file in files]

    def _answers(self, files: list[Path], prompt: str) -> dict[str, str]:
        command = [self.program, "caption", "--model", self.model.resolve(), "--json", "--prompt", prompt, *files]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{self.program} caption ended with {done.returncode}: {done.stderr.strip()}")
        records = [json.loads(line) for line in done.stdout.splitlines()]
        return {record["path"]: record["caption"] for record in records}


def _write(pixels: np.ndarray, path: Path) -> Path:
    if pixels.ndim == 3:
        path = path.with_suffix(".png")
        Image.fromarray(pixels).save(path, compress_level=1)
        return path
    path = path.with_suffix(".mkv")
    height, width = pixels.shape[1:3]
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", "1", "-i", "-"]
    # FFV1 keeps RGB as it is.
    target = ["-c:v", "ffv1", "-pix_fmt", "bgr0", str(path)]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *source, *target], input=pixels.tobytes(), check=True)
    return path
