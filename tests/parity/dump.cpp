// dump WHAT FOLDER: what a test in Python compares with.
#include "tests/parity/dump.h"

#include <cstdio>
#include <functional>
#include <map>
#include <string>

int main(int count, char** arguments) {
  using namespace autoencoder::testing;
  const std::map<std::string, std::function<void(const std::filesystem::path&)>> dumps = {
      {"exports", dump_exports}, {"gradients", dump_gradients}, {"npy", dump_npy}};
  const auto dump = count == 3 ? dumps.find(arguments[1]) : dumps.end();
  if (dump == dumps.end()) {
    std::fprintf(stderr, "usage: dump exports|gradients|npy FOLDER\n");
    return 2;
  }
  dump->second(arguments[2]);
  return 0;
}
