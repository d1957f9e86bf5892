// Work on many independent things with LibTorch's threads.
#pragma once

#include <cstddef>
#include <functional>

namespace autoencoder {

/// Calls work(0) ... work(count - 1), in any order. Where calls throw, what the one with the smallest index
/// threw is thrown again when all have stopped, so that the same input gives the same error every time.
void for_each_index(size_t count, const std::function<void(size_t)>& work);

}  // namespace autoencoder
