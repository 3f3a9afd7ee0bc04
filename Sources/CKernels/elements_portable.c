// Row and element loops for any processor.
#if defined(__aarch64__)
#define HAS_HALVES
#endif
#include "elements.h"

VK_ELEMENTS(vk_portable_elements);
