// What reads files of strangers, to be given any bytes at all: by a mutator in the tests, by libFuzzer in
// scripts/fuzz.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace autoencoder::testing {

/// A reader of one format.
struct FuzzedReader {
  std::string name;
  std::string file;  ///< as its files are called, for the ending decides
  /// Reads a file whole. May throw Error, and nothing else.
  std::function<void(const std::filesystem::path&)> read;
  std::vector<std::string> seeds;  ///< bytes that it takes
};

const std::vector<FuzzedReader>& fuzzed_readers();

/// Gives the reader these bytes as a file in `folder`. That it refuses them with an Error is well; all else
/// that it throws is let through.
void feed(const FuzzedReader& reader, const std::filesystem::path& folder, std::string_view bytes);

}  // namespace autoencoder::testing
