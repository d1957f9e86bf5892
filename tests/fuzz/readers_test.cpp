// Files that were whole, with a few bytes changed, cut, doubled or spliced: the readers take them or refuse
// them with an Error, whatever they hold. scripts/fuzz looks longer, and where the code goes.

#include "tests/fuzz/readers.h"

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "common/files.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::feed;
using testing::fuzzed_readers;
using testing::FuzzedReader;

class Mutator {
 public:
  explicit Mutator(uint64_t seed) : rng_(seed) {}

  std::string mutated(std::string bytes, const std::string& other) {
    for (size_t times = 1 + below(3); times > 0; --times) {
      change(bytes, other);
    }
    return bytes;
  }

 private:
  size_t below(size_t end) { return end == 0 ? 0 : std::uniform_int_distribution<size_t>(0, end - 1)(rng_); }

  void change(std::string& bytes, const std::string& other) {
    static const std::string kTelling = std::string("\0\xff\x7f\x80", 4) + "0919-.,;\"\n\t{}[]e";
    const size_t place = below(bytes.size() + 1);
    const size_t count = std::min(bytes.size() - place, below(16));
    switch (below(7)) {
      case 0:
        bytes.insert(place, 1, kTelling[below(kTelling.size())]);
        break;
      case 1:
        bytes.erase(place, count);
        break;
      case 2:
        bytes.resize(place);
        break;
      case 3:
        bytes.insert(place, bytes.substr(place, count));
        break;
      case 4:
        bytes = bytes.substr(0, place) + other.substr(below(other.size() + 1));
        break;
      case 5:
        bytes.insert(place, std::to_string(rng_()));
        break;
      default:
        if (place < bytes.size()) {
          bytes[place] = below(2) == 0 ? kTelling[below(kTelling.size())] : static_cast<char>(rng_());
        }
    }
  }

  std::mt19937_64 rng_;
};

class Fuzzed : public ::testing::TestWithParam<size_t> {
 protected:
  const FuzzedReader& reader() const { return fuzzed_readers()[GetParam()]; }

  testing::TemporaryFolder folder_;
};

TEST_P(Fuzzed, ReadersTakeTheirSeeds) {
  for (const std::string& seed : reader().seeds) {
    write_file(folder_ / reader().file, seed);
    EXPECT_NO_THROW(reader().read(folder_ / reader().file)) << seed;
  }
}

TEST_P(Fuzzed, ReadersThrowNothingButErrors) {
  constexpr int kFiles = 600;
  const auto& seeds = reader().seeds;
  Mutator mutator(GetParam() + 1);
  for (int i = 0; i < kFiles; ++i) {
    const std::string bytes = mutator.mutated(seeds[static_cast<size_t>(i) % seeds.size()],
                                              seeds[static_cast<size_t>(i / 7) % seeds.size()]);
    ASSERT_NO_THROW(feed(reader(), folder_.path(), bytes)) << "file " << i << ": " << bytes;
  }
}

// What scripts/fuzz has found at one time, in corpus/NAME.
TEST_P(Fuzzed, ReadersBearWhatWasFoundBefore) {
  const fs::path found = fs::path(__FILE__).parent_path() / "corpus" / reader().name;
  if (!fs::exists(found)) {
    return;
  }
  for (const auto& entry : fs::directory_iterator(found)) {
    ASSERT_NO_THROW(feed(reader(), folder_.path(), read_file(entry.path()))) << entry.path();
  }
}

INSTANTIATE_TEST_SUITE_P(All, Fuzzed, ::testing::Range<size_t>(0, fuzzed_readers().size()),
                         [](const auto& info) {
                           std::string name = fuzzed_readers()[info.param].name;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace autoencoder
