// Faults of the disk and of the power, at a chosen call: what SQLite and LevelDB are tested with.
#pragma once

#include <cstdint>

namespace autoencoder::testing {

enum class Fault {
  kKill,    ///< the process ends in the middle of the call, as by kill -9
  kRefuse,  ///< this call and all after it fail: the disk is full, or broken
};

/// From now on the calls of write, writev, fsync and rename that this process makes for files (not for what
/// it prints) are counted from 1, and the one of number `at` fails so; 0: none does.
void inject(Fault fault, int64_t at);

/// How many there were since inject(), in this process or in the last one forked from it that called it.
int64_t calls_of_files();

}  // namespace autoencoder::testing
