// What carries numbers between processes: a file for each, and what stands for one that the build lacks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "training/communicator.h"

namespace autoencoder {

struct ProcessPlace {
  int64_t rank = 0;
  int64_t size = 1;
};

/// By MPI, which is told by its own launcher. Throws Error where this build has none.
std::unique_ptr<Communicator> join_mpi();

/// Through a store of LibTorch's, which the first process opens at `host`:`port`. Throws Error where the
/// others do not find it in time.
std::unique_ptr<Communicator> join_store(const ProcessPlace& place, const std::string& host, uint16_t port);

}  // namespace autoencoder
