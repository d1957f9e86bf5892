// The threads that compute.
#pragma once

namespace autoencoder {

/// As many as there are processors that this process may run on, and no more than its container's share of
/// them (unless OMP_NUM_THREADS says otherwise).
int usual_threads();

/// `count`: how many; 0: as many as there are processors that this process may run on, and no more than its
/// container's share of them (unless OMP_NUM_THREADS says otherwise). To be called by the thread that will
/// compute. Throws Error where the system does not let so many start.
///
/// Threads that have nothing to do look out for work for milliseconds, as OpenMP's do, and go to sleep at
/// once where this process shares its processors with others: training would wait for those. GOMP_SPINCOUNT
/// and OMP_WAIT_POLICY say otherwise.
void use_threads(int count);

}  // namespace autoencoder
