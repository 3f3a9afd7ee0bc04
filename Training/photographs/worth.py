"""How often a word, where it is true, is one that people name: most of them a dog, hardly any of them the sky."""

from .archive import Archive, half
from .concepts import OUTDOORS
from .truth import TruthScores, Words

# As many pictures more, of so much worth: what few pictures show is not taken at its word.
_LEAN, _COMMON = 6, 0.5
_MOST = 3  # Captions of five in which a noun stands that has to be found.


def worth_of(archive: Archive, said: list[str], words: Words | None = None) -> dict[str, float]:
    """The worth of every word, 0 to 1, from the half of the pictures with known truth that sets thresholds."""
    words = words or Words()
    content = {word: words.content(word)[0] for word in said if word != OUTDOORS}
    scores, true, named = TruthScores(words), dict.fromkeys(content, 0), dict.fromkeys(content, 0)
    for name, truth in archive.truth.items():
        if half(name) or not ("nouns" in truth or "label" in truth):
            continue
        known = set(truth.get("nouns", {})) | set(truth.get("words", {})) | set(truth.get("kinds", []))
        known |= {words.lemma(part) for part in truth.get("label", "").lower().split()}
        wanted = {noun for noun, count in truth.get("nouns", {}).items() if count >= _MOST} - words.people
        for word, parts in content.items():
            if parts and all(words.supported(part, known) for part in parts):
                true[word] += 1
                named[word] += "label" in truth or any(scores.named(noun, parts) for noun in wanted)
    return {word: (named[word] + _LEAN * _COMMON) / (true[word] + _LEAN) for word in content}
