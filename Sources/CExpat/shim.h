#pragma once
// Expat: XML, with the place of everything in bytes.
#include <expat.h>
