"""LLaVA-Mini in PyTorch: short enough to read beside the engine, exact enough to be compared with it."""
