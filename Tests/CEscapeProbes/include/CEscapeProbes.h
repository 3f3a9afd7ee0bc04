#pragma once
// Ways out of a sandbox, one by one.

/// The name of the attempt with that number; NULL behind the last.
const char *vignette_escape_name(int number);

/// Makes the attempt of that number. Returns 0 if it succeeded, or the errno with which it was refused.
int vignette_escape(int number);
