"""All steps of the model for photographs as one command."""

import argparse
import importlib
import sys
from pathlib import Path

import pytest

from Training.photographs.__main__ import steps


class _Understood(Exception):
    pass


@pytest.mark.parametrize("head", [None, Path("exported")])
def test_every_step_understands_what_it_is_told(monkeypatch, head):
    parse = argparse.ArgumentParser.parse_args

    def understood(parser, *given):
        parse(parser, *given)
        raise _Understood

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", understood)
    told = argparse.Namespace(
        folder=Path("kept"), photographs=Path("photographs"), to=Path("model"), views=1, threads=1, pictures=64,
        drawings=16, examples=64, first=None, head=head,
    )  # fmt: skip
    for step, *rest in steps(told):
        monkeypatch.setattr(sys, "argv", [step, *rest])
        with pytest.raises(_Understood):
            importlib.import_module(f"Training.photographs.{step}").main()
