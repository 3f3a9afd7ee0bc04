#pragma once
// OpenBLAS: its CBLAS interface for the matrix products, and the call that sets its threads.
#include <cblas.h>
