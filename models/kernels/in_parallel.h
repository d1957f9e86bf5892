// Work on many images on the threads of a step.
#pragma once

#include <cstdint>

#include <ATen/Parallel.h>
#include <ATen/ThreadLocalState.h>

namespace autoencoder {

/// Calls work(begin, end) for parts of 0 ... count - 1 on all threads, where this is not one of several
/// already, each in the modes of the caller: neither gradients nor, in inference, their book-keeping.
template <typename Work>
void in_parallel(int64_t count, Work work) {
  const at::ThreadLocalState modes;
  at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
    const at::ThreadLocalStateGuard guard(modes);
    work(begin, end);
  });
}

}  // namespace autoencoder
