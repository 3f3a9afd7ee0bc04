"""Training on photographs: their labels, texts composed from them, a tower with published weights, a head."""
