// libFuzzer's entry: which reader it feeds, FUZZED_READER says.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unistd.h>

#include "tests/fuzz/readers.h"

namespace {

using autoencoder::testing::fuzzed_readers;
using autoencoder::testing::FuzzedReader;

const FuzzedReader& chosen_reader() {
  const char* name = std::getenv("FUZZED_READER");
  for (const FuzzedReader& reader : fuzzed_readers()) {
    if (name != nullptr && reader.name == name) {
      return reader;
    }
  }
  std::fprintf(stderr, "FUZZED_READER is one of:");
  for (const FuzzedReader& reader : fuzzed_readers()) {
    std::fprintf(stderr, " %s", reader.name.c_str());
  }
  std::fprintf(stderr, "\n");
  std::exit(2);
}

// In memory: no fuzzer should wear out a disk.
std::string new_folder() {
  std::string name = "/dev/shm/autoencoder-fuzz-XXXXXX";
  return ::mkdtemp(name.data()) != nullptr ? name : "/tmp";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  static const FuzzedReader& reader = chosen_reader();
  static const std::string folder = new_folder();
  autoencoder::testing::feed(reader, folder, {reinterpret_cast<const char*>(bytes), size});
  return 0;
}

// What the reader takes goes to the folder FUZZ_SEEDS before the first input.
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  if (const char* folder = std::getenv("FUZZ_SEEDS"); folder != nullptr) {
    int number = 0;
    for (const std::string& seed : chosen_reader().seeds) {
      const std::string path = std::string(folder) + "/seed-" + std::to_string(number++);
      if (std::FILE* file = std::fopen(path.c_str(), "wb")) {
        std::fwrite(seed.data(), 1, seed.size(), file);
        std::fclose(file);
      }
    }
  }
  return 0;
}
