"""What Tests/corpus.py is made of: the decoder, its peers, and the comparisons."""
