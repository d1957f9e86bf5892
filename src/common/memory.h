// What the allocator does with memory that nobody uses any more.
#pragma once

namespace autoencoder {

/// It keeps it, for the whole process from here on: what one step of training gives back the next one wants
/// again, and the kernel would have cleared it anew.
void keep_freed_memory();

/// It hands to the kernel what it has kept so far: to be called where other work begins than was done before.
void give_back_freed_memory();

}  // namespace autoencoder
