#pragma once
// Whether this is built with the address sanitizer (`make sanitize`): it looks into /proc and makes calls
// that decoding never makes, so nothing is locked in then, and says so.

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define VIGNETTE_SANITIZING 1
#endif
#endif
#ifndef VIGNETTE_SANITIZING
#define VIGNETTE_SANITIZING 0
#endif
