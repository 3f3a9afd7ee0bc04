"""Trains the small LLaVA-Mini that Vignette bundles, on pictures that it renders itself."""
