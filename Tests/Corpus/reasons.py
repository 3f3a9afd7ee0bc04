"""Reasons for differences that somebody has looked at: lines of fact, pattern of paths, reason, with tabs between."""

import fnmatch


class Reasons:
    def __init__(self, path):
        self.lines = []
        if path:
            with open(path, encoding="utf-8") as file:
                for line in file:
                    if line.strip() and not line.startswith("#"):
                        fact, pattern, reason = line.rstrip("\n").split("\t")
                        self.lines.append((fact, pattern, reason))

    def of(self, fact, path):
        """The first reason whose pattern fits; `None` if nobody has looked at it."""
        fitting = (
            reason for wanted, pattern, reason in self.lines if wanted == fact and fnmatch.fnmatch(path, pattern))
        return next(fitting, None)
