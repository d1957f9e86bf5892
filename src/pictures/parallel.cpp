#include "pictures/parallel.h"

#include <exception>
#include <vector>

#include <ATen/Parallel.h>

namespace autoencoder {

void for_each_index(size_t count, const std::function<void(size_t)>& work) {
  // A thread stops at the first failure of its range: that of the smallest index is always among them.
  std::vector<std::exception_ptr> failures(count);
  at::parallel_for(0, static_cast<int64_t>(count), 1, [&](int64_t begin, int64_t end) {
    for (auto index = static_cast<size_t>(begin); index < static_cast<size_t>(end); ++index) {
      try {
        work(index);
      } catch (...) {
        failures[index] = std::current_exception();
        return;
      }
    }
  });
  for (const std::exception_ptr& failure : failures) {
    if (failure) {
      std::rethrow_exception(failure);
    }
  }
}

}  // namespace autoencoder
