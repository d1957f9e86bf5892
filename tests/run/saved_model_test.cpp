#include "run/saved_model.h"

#include <torch/torch.h>

#include "common/files.h"
#include "models/registry.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

void save(const SavedModel& saved, const std::filesystem::path& path) {
  torch::serialize::OutputArchive archive;
  write_model(archive, saved);
  write_archive(archive, path);
}

SavedModel small_model() {
  const Json options = {{"model", "dense"}, {"hidden", {5}}, {"latent-dim", 3}};
  return {make_model(options, {1, 8, 8}), options};
}

TEST(SavedModel, ComesBackWithItsOptionsShapeAndWeights) {
  const TemporaryFolder folder;
  const SavedModel saved = small_model();
  save(saved, folder / "best.pt");
  const SavedModel loaded = load_model(folder / "best.pt", torch::kCPU);
  EXPECT_EQ(loaded.options, saved.options);
  EXPECT_EQ(loaded.model->input_shape(), (ImageShape{1, 8, 8}));
  EXPECT_FALSE(loaded.model->is_training());
  const torch::Tensor input = torch::rand({2, 1, 8, 8});
  EXPECT_TRUE(torch::equal(loaded.model->forward(input), saved.model->forward(input)));
}

TEST(SavedModel, DamagedFilesAreNamed) {
  const TemporaryFolder folder;
  save(small_model(), folder / "best.pt");
  const std::string bytes = read_file(folder / "best.pt");
  write_file(folder / "cut.pt", bytes.substr(0, bytes.size() / 2));
  write_file(folder / "text.pt", "no archive");
  write_file(folder / "empty.pt", "");
  for (const char* name : {"cut.pt", "text.pt", "empty.pt"}) {
    EXPECT_THAT(error_of([&] { load_model(folder / name, torch::kCPU); }),
                HasSubstr(std::string(name) + ": damaged"));
  }
  EXPECT_THAT(error_of([&] { load_model(folder / "none.pt", torch::kCPU); }),
              HasSubstr("none.pt: no such file"));
}

TEST(SavedModel, SplitsComeBack) {
  const TemporaryFolder folder;
  const Split split = {torch::tensor({4, 1}), torch::tensor({2}), torch::tensor({0, 3}), 5, 0};
  write_split(folder / "split.pt", split);
  const Split read = read_split(folder / "split.pt");
  EXPECT_TRUE(torch::equal(read.train, split.train));
  EXPECT_TRUE(torch::equal(read.validation, split.validation));
  EXPECT_TRUE(torch::equal(read.test, split.test));
  EXPECT_EQ(read.source_examples, 5);
  EXPECT_FALSE(read.source_has_test());
}

}  // namespace
}  // namespace autoencoder
