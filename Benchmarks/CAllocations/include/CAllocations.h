#pragma once

/// How often this process has asked for memory so far: malloc, calloc, realloc and their aligned kin.
long allocations(void);
