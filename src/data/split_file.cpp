#include "data/split_file.h"

#include <torch/types.h>

#include "common/archive.h"

namespace autoencoder {
namespace {

constexpr const char* kSplitKind = "split";

// Positions are checked here, for whoever selects examples by them trusts them.
torch::Tensor positions_in(const Archive& archive, const char* name, int64_t examples) {
  const torch::Tensor positions = archive.tensor(name).to(torch::kInt64);
  TORCH_CHECK(positions.dim() == 1, name, " is no list of positions");
  TORCH_CHECK(positions.numel() == 0 ||
                  (positions.min().item<int64_t>() >= 0 && positions.max().item<int64_t>() < examples),
              name, " has positions beyond the data");
  return positions;
}

Split split_of(const Archive& archive) {
  const auto count = [&](const char* name) { return archive.description.at(name).get<int64_t>(); };
  Split split;
  split.source_examples = count("source_examples");
  split.source_test_examples = count("source_test_examples");
  split.source_digest = archive.description.at("source_digest").get<std::string>();
  split.train = positions_in(archive, "train", split.source_examples);
  split.validation = positions_in(archive, "validation", split.source_examples);
  split.test = positions_in(archive, "test",
                            split.source_has_test() ? split.source_test_examples : split.source_examples);
  return split;
}

}  // namespace

void write_split(const std::filesystem::path& path, const Split& split) {
  write_archive(path, {kSplitKind,
                       {{"source_examples", split.source_examples},
                        {"source_test_examples", split.source_test_examples},
                        {"source_digest", split.source_digest}},
                       {{"train", split.train.to(torch::kInt32)},
                        {"validation", split.validation.to(torch::kInt32)},
                        {"test", split.test.to(torch::kInt32)}}});
}

Split read_split(const std::filesystem::path& path) {
  const Archive archive = read_archive(path, kSplitKind);
  return whole_or_damaged(path, [&] { return split_of(archive); });
}

}  // namespace autoencoder
