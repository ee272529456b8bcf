/* Counts what this thread allocates, by the sanitizer's own hooks: nothing is counted between an end and the next begin. */
#include <stddef.h>

/* Once, before the others. Returns 0 where the sanitizer takes no more hooks. */
int peak_memory_install(void);
void peak_memory_begin(void);
/* The most bytes that were allocated and not yet freed since `peak_memory_begin`. */
size_t peak_memory_end(void);
