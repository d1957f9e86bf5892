#include "data/room.h"

#include <memory>

#include <c10/util/accumulate.h>
#include <torch/types.h>

#include "common/mapped_file.h"
#include "common/memory.h"

namespace autoencoder {

torch::Tensor room_for(torch::IntArrayRef sizes, torch::ScalarType type) {
  const auto bytes = static_cast<uint64_t>(c10::multiply_integers(sizes)) * c10::elementSize(type);
  if (!is_beyond_memory(bytes)) {
    return torch::empty(sizes, type);
  }
  const auto scratch = std::make_shared<ScratchMemory>(bytes);
  return torch::from_blob(
      scratch->data(), sizes, [scratch](void* /*data*/) {}, type);
}

void RoomInUse::wrote(uint64_t bytes) {
  constexpr uint64_t kUnboundedKept = uint64_t{1} << 30;
  const uint64_t kept = memory_bound() > 0 ? memory_bound() / 2 : kUnboundedKept;
  if (written_.fetch_add(bytes) + bytes >= kept) {
    written_ = 0;
    forget_mapped(room_.const_data_ptr(), room_.nbytes());
  }
}

}  // namespace autoencoder
