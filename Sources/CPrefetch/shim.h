#ifndef RHEOBASE_CPREFETCH_SHIM_H
#define RHEOBASE_CPREFETCH_SHIM_H

#include <malloc.h>

/* Swift has no way to ask for a cache line that it will need later. */

static inline void rheobase_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

/* Nor, on Linux, to have freed memory given back to the system. */

static inline void rheobase_give_back_freed(void) { malloc_trim(0); }

#endif
