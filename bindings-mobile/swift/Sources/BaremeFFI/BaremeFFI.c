// A target in C needs a source: the functions of the header are in the library.
#include "BaremeFFI.h"
