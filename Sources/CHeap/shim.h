/* What glibc can do with its heap; the Glibc module leaves it out. */
#include <malloc.h>
