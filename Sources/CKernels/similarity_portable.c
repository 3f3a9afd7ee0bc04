// The search for near vectors on any processor.
#include "similarity_loops.h"

VK_SIMILARITY(vk_portable_similarity);
