#include "PeakMemory.h"

#include <sanitizer/allocator_interface.h>
#include <stdbool.h>
#include <stdint.h>

static _Thread_local bool counts;
static _Thread_local int64_t held;
static _Thread_local int64_t most;

static void allocated(const volatile void *place, size_t size) {
    (void)place;
    if (!counts) return;
    held += (int64_t)size;
    if (held > most) most = held;
}

static void freed(const volatile void *place) {
    if (!counts || !place || !__sanitizer_get_ownership(place)) return;
    held -= (int64_t)__sanitizer_get_allocated_size(place);
}

int peak_memory_install(void) { return __sanitizer_install_malloc_and_free_hooks(allocated, freed); }

void peak_memory_begin(void) {
    held = most = 0;
    counts = true;
}

size_t peak_memory_end(void) {
    counts = false;
    return (size_t)most;
}
