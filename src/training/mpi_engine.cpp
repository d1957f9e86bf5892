// Processes that mpirun has started.

#include <algorithm>
#include <climits>
#include <cstdint>
#include <vector>

#define OMPI_SKIP_MPICXX  // its C++ is older than C++11
#include <mpi.h>

#include <torch/types.h>

#include "common/error.h"
#include "training/process_engines.h"

namespace autoencoder {
namespace {

class MpiCommunicator : public Communicator {
 public:
  MpiCommunicator() {
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
  }

  // Whoever fails does not wait for the others, and the launcher ends those.
  ~MpiCommunicator() override {
    if (std::uncaught_exceptions() == 0) {
      MPI_Finalize();
    }
  }
  MpiCommunicator(const MpiCommunicator&) = delete;
  MpiCommunicator& operator=(const MpiCommunicator&) = delete;

  int64_t rank() const override { return rank_; }
  int64_t size() const override { return size_; }
  std::string name() const override { return "MPI"; }

  torch::Tensor gather(const torch::Tensor& own) override {
    const torch::Tensor given = own.contiguous();
    std::vector<int64_t> sizes = given.sizes().vec();
    sizes.insert(sizes.begin(), size_);
    torch::Tensor all = torch::empty(sizes, given.options());
    auto* to = static_cast<char*>(all.mutable_data_ptr());
    const auto* from = static_cast<const char*>(given.const_data_ptr());
    // MPI counts in int: what is larger goes in pieces.
    const auto bytes = static_cast<int64_t>(given.nbytes());
    if (bytes <= INT_MAX) {
      MPI_Allgather(from, static_cast<int>(bytes), MPI_BYTE, to, static_cast<int>(bytes), MPI_BYTE,
                    MPI_COMM_WORLD);
      return all;
    }
    std::vector<torch::Tensor> pieces;
    for (const torch::Tensor& piece : given.flatten().chunk(bytes / INT_MAX + 1)) {
      pieces.push_back(gather(piece));
    }
    return torch::cat(pieces, 1).view(sizes);
  }

  torch::Tensor exchange(int64_t partner, const torch::Tensor& own) override {
    const torch::Tensor given = own.contiguous();
    torch::Tensor theirs = torch::empty_like(given);
    const auto* from = static_cast<const char*>(given.const_data_ptr());
    auto* to = static_cast<char*>(theirs.mutable_data_ptr());
    const auto other = static_cast<int>(partner);
    for (auto left = static_cast<int64_t>(given.nbytes()); left > 0;) {
      const auto count = static_cast<int>(std::min<int64_t>(left, INT_MAX));
      MPI_Sendrecv(from, count, MPI_BYTE, other, 0, to, count, MPI_BYTE, other, 0, MPI_COMM_WORLD,
                   MPI_STATUS_IGNORE);
      from += count;
      to += count;
      left -= count;
    }
    return theirs;
  }

 private:
  int rank_ = 0;
  int size_ = 1;
};

}  // namespace

std::unique_ptr<Communicator> join_mpi() { return std::make_unique<MpiCommunicator>(); }

}  // namespace autoencoder
