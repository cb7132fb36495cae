#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

/// Blocks of memory that the calling thread has asked for since it began, freed ones included.
unsigned long allocation_count(void);

#endif
