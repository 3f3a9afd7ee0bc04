"""The list of differences and the table at the end."""

import collections
import sys

from .comparison import MEDIA, relative

WANTED = {"date": 0.98, "camera": 0.98, "place": 0.98, "pixels": 0.99}


def kind_of_refusal(reason):
    """A verdict without names and numbers."""
    for start, kind in (
            ("DIED", "died"), ("is damaged", "damaged"), ("is cut short", "cut short"),
            ("is not a picture or clip", "unknown format"), ("is empty", "empty"), ("has ", "above a limit")):
        if reason.startswith(start):
            return kind
    return "not supported" if "not supported" in reason else "other: " + reason[:60]


def report(results, folders, reasons, output=sys.stdout):
    """Writes everything; whether it is good enough."""
    counts, kinds = collections.Counter(), collections.defaultdict(list)
    for found in results:
        path = relative(found["path"], folders)
        if _is_nothing_to_anybody(found):
            counts["no picture or clip"] += 1
            continue
        counts["files"] += 1
        if found["refused"] is not None:
            _count_refusal(found, path, counts, kinds, reasons)
            continue
        counts["read"] += 1
        counts["incomplete"] += bool(found.get("incomplete"))
        for fact in WANTED:
            if fact in found:
                _count_fact(fact, found, path, counts, kinds, reasons)
    for kind in sorted(kinds):
        print(f"\n== {' · '.join(kind)}: {len(kinds[kind])}", file=output)
        for line in kinds[kind]:
            print(f"   {line}", file=output)
    return _table(counts, output)


def _is_nothing_to_anybody(found):
    """Whether no reader calls it a picture or clip; a name's end (.ts, .mod) may be that of a program's text."""
    refused = found["refused"]
    if refused is None or found.get("others") or kind_of_refusal(refused) == "died":
        return False
    is_unknown = kind_of_refusal(refused) in ("unknown format", "empty")
    return refused.startswith("is a text") or is_unknown and not found["mime"].startswith(MEDIA)


def _count_refusal(found, path, counts, kinds, reasons):
    kind = kind_of_refusal(found["refused"])
    counts["refused"] += 1
    counts["died"] += kind == "died"
    others = found.get("others") or []
    who = "others read it" if others else "nobody reads it"
    counts[f"refused, {who}"] += 1
    if found["mime"].startswith(MEDIA) or kind == "died":
        reason = reasons.of("refused", path)
        name = ("refused", kind, who) + ((reason,) if reason else ())
        kinds[name].append(f"{path} [{found['mime']}] {found['refused'][:160]} {' '.join(others)}".rstrip())


def _count_fact(fact, found, path, counts, kinds, reasons):
    result, details = found[fact][0], found[fact][1]
    if fact == "pixels":
        reason = _count_pixels(result, details, path, counts, reasons)
        if result in ("same", "no other reader", "nobody reads it"):
            return
    else:
        has_any = found[fact][2]
        counts[fact, "any"] += has_any
        if result == "same":
            counts[fact, "same"] += 1
            counts[fact, "same, any"] += has_any
            return
        reason = reasons.of(fact, path)
        counts[fact, "explained" if reason else "different"] += 1
    kinds[(fact, result, reason or "not looked at")].append(f"{path} [{found['format']}] {details}")


def _count_pixels(result, details, path, counts, reasons):
    """Counts a picture's comparison; the reason of a difference, which for some results is in their name."""
    if result == "differs":
        reason = reasons.of("pixels", path)
        counts["pixels", "explained" if reason else "different"] += 1
        return reason
    counts["pixels", result] += 1
    if result == "refused":
        # A reason for a refusal must not be one for a wrong picture, should the decoder learn to read the file.
        reason = reasons.of("refused", path)
        counts["refusals explained"] += bool(reason)
        return reason
    counts["others disagree"] += result == "same" and bool(details)
    return "as its kind says"


def _table(counts, output):
    def row(*cells):
        print("| " + " | ".join(str(cell) for cell in cells) + " |", file=output)
    print(file=output)
    row("", "agree", "of", "share", "wanted", "differ, reason known", "differ, not looked at")
    row(*["---"] * 7)
    is_good = counts["died"] == 0
    for fact, wanted in WANTED.items():
        same, explained, different = (counts[fact, kind] for kind in ("same", "explained", "different"))
        total = same + explained + different
        if total:
            share = same / total
            is_good = is_good and share >= wanted
            row(fact, same, total, f"{share:.2%}", f"{wanted:.0%}", explained, different)
            if explained:
                row(f"{fact}, without what is explained", same, same + different, f"{same / (same + different):.2%}",
                    "", "", "")
            if fact != "pixels" and counts[fact, "any"]:
                said = counts[fact, "same, any"]
                row(f"{fact}, where there is one", said, counts[fact, "any"], f"{said / counts[fact, 'any']:.2%}", "",
                    "", "")
    print(file=output)
    row("", "files")
    row("---", "---")
    row("tried", counts["files"])
    row("no picture or clip to any reader, not counted", counts["no picture or clip"])
    row("read", counts["read"])
    row("read, incomplete", counts["incomplete"])
    row("refused, and nobody reads it", counts["refused, nobody reads it"])
    row("refused, and others read it", counts["refused, others read it"])
    row("pixels compared", sum(counts["pixels", kind] for kind in ("same", "explained", "different")))
    row("facts read, pixels refused", counts["pixels", "refused"])
    row("facts read, pixels refused, reason known", counts["refusals explained"])
    row("other readers disagree with each other", counts["others disagree"])
    for transfer in ("PQ", "HLG"):
        row(f"{transfer}, tone-mapped by another curve", counts["pixels", f"{transfer}, tone-mapped"])
    row("incomplete, the rest filled in otherwise", counts["pixels", "incomplete, the rest filled in otherwise"])
    row("no other reader", counts["pixels", "no other reader"])
    row("silent wrong pictures", counts["pixels", "different"])
    row("died", counts["died"])
    return is_good and counts["pixels", "different"] == 0
