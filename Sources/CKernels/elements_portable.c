// Row and element loops for any processor.
#include "elements.h"

VK_ELEMENTS(vk_portable_elements);
