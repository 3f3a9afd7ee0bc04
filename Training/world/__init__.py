"""The procedurally rendered world: what can be in a picture, how it is drawn and what is said about it."""
