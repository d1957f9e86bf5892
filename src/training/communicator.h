// The processes that train one model together, each with a whole copy of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <torch/types.h>

namespace autoencoder {

/// What a process asks of the others. All processes make the same calls in the same order, from one thread at
/// a time. Throws Error where another one has ended.
class Communicator {
 public:
  virtual ~Communicator() = default;

  virtual int64_t rank() const = 0;  ///< of this process, from 0
  virtual int64_t size() const = 0;  ///< how many there are

  /// What every process gives, in the order of their ranks: own is of one shape and type everywhere, on the
  /// CPU; size() x that shape, the caller's own.
  virtual torch::Tensor gather(const torch::Tensor& own) = 0;

  /// What another process gives, while all go in pairs, each to its partner's: own is of one shape and type
  /// everywhere, on the CPU; the same, the caller's own.
  virtual torch::Tensor exchange(int64_t partner, const torch::Tensor& own) = 0;

  virtual std::string name() const = 0;  ///< of the engine: "MPI"

  bool is_first() const { return rank() == 0; }
};

/// Of a process that trains by itself.
class Alone : public Communicator {
 public:
  int64_t rank() const override { return 0; }
  int64_t size() const override { return 1; }
  torch::Tensor gather(const torch::Tensor& own) override { return own.unsqueeze(0); }
  torch::Tensor exchange(int64_t /*partner*/, const torch::Tensor& own) override { return own.clone(); }
  std::string name() const override { return "one process"; }
};

/// For callers who train by themselves.
inline Communicator& alone() {
  static Alone one;
  return one;
}

/// Whether any process says yes.
bool any_of(Communicator& processes, bool own);

/// Waits until all processes have come here.
void meet(Communicator& processes);

/// Whether the environment tells of other processes.
bool is_one_of_several();

/// The processes that a launcher has started with this one, as the environment tells:
///   mpirun (OMPI_COMM_WORLD_RANK): MPI;
///   torchrun, `train --workers`, and whoever sets RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT: a store of
///     LibTorch's (c10d::TCPStore) in the first process;
///   srun (SLURM_PROCID, SLURM_STEP_NUM_TASKS): such a store, at the first node of the step.
/// Alone where it tells of none. Throws Error where they cannot be reached, and where mpirun has started a
/// program that was built without MPI.
std::unique_ptr<Communicator> join_processes();

}  // namespace autoencoder
