// The memory of this process: what it has, and what the allocator does with what nobody uses any more.
#pragma once

#include <cstdint>

namespace autoencoder {

/// What it has in memory now, and has had at most, in bytes; 0 where the system does not tell.
uint64_t resident_bytes();
uint64_t peak_resident_bytes();

/// How many bytes examples may take in memory: what needs more lies in a file (mapped_file.h). 0, as from
/// the beginning: half of what is free when they are read. One for the process.
void set_memory_bound(uint64_t bytes);
uint64_t memory_bound();

/// Whether so many bytes are more than that.
bool is_beyond_memory(uint64_t bytes);

/// It keeps it, for the whole process from here on: what one step of training gives back the next one wants
/// again, and the kernel would have cleared it anew.
void keep_freed_memory();

/// It hands to the kernel what it has kept so far: to be called where other work begins than was done before.
void give_back_freed_memory();

}  // namespace autoencoder
