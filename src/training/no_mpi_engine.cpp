// Of a build without MPI.

#include "common/error.h"
#include "training/process_engines.h"

namespace autoencoder {

std::unique_ptr<Communicator> join_mpi() {
  throw Error(
      "mpirun has started several processes, but this program was built without MPI; install libopenmpi-dev "
      "and "
      "build again, or use torchrun or --workers");
}

}  // namespace autoencoder
