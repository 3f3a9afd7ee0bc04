"""Other programs at the same work, to be measured beside the engine."""
