#include "run/saved_model.h"

#include <torch/types.h>

#include "common/files.h"
#include "data/split_file.h"
#include "models/registry.h"
#include "tests/support/expect_error.h"
#include "tests/support/models.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::small_model;
using testing::TemporaryFolder;

void save(const SavedModel& saved, const std::filesystem::path& path) {
  write_archive(path, archive_of(saved));
}

TEST(SavedModel, ComesBackWithItsOptionsShapeAndWeights) {
  const TemporaryFolder folder;
  const SavedModel saved = small_model();
  save(saved, folder / "best.safetensors");
  const SavedModel loaded = load_model(folder / "best.safetensors", torch::kCPU);
  EXPECT_EQ(loaded.options, saved.options);
  EXPECT_EQ(loaded.model->input_shape(), (ImageShape{1, 8, 8}));
  EXPECT_FALSE(loaded.model->is_training());
  const torch::Tensor input = torch::rand({2, 1, 8, 8});
  EXPECT_TRUE(torch::equal(loaded.model->forward(input), saved.model->forward(input)));
}

TEST(SavedModel, CopiesHaveWeightsOfTheirOwn) {
  const torch::NoGradGuard no_grad;
  const SavedModel saved = small_model();
  saved.model->set_scaling({torch::full({1, 8, 8}, 0.5), torch::full({1, 8, 8}, 2.0)});
  const SavedModel copy = copy_of(saved);
  EXPECT_EQ(copy.options, saved.options);
  const torch::Tensor input = torch::rand({2, 1, 8, 8});
  const torch::Tensor expected = saved.model->forward(input);
  EXPECT_TRUE(torch::equal(copy.model->forward(input), expected));
  for (const auto& [name, weight] : weights_of(*copy.model)) {
    torch::Tensor(weight).zero_();
  }
  EXPECT_TRUE(torch::equal(saved.model->forward(input), expected));
}

TEST(SavedModel, DamagedFilesAreNamed) {
  const TemporaryFolder folder;
  save(small_model(), folder / "best.safetensors");
  const std::string bytes = read_file(folder / "best.safetensors");
  write_file(folder / "cut.safetensors", bytes.substr(0, bytes.size() / 2));
  write_file(folder / "text.safetensors", "no archive");
  write_file(folder / "empty.safetensors", "");
  for (const char* name : {"cut.safetensors", "text.safetensors", "empty.safetensors"}) {
    EXPECT_THAT(error_of([&] { load_model(folder / name, torch::kCPU); }),
                HasSubstr(std::string(name) + ": damaged"));
  }
  EXPECT_THAT(error_of([&] { load_model(folder / "none.safetensors", torch::kCPU); }),
              HasSubstr("none.safetensors: no such file"));
}

TEST(SavedModel, SplitsComeBack) {
  const TemporaryFolder folder;
  const Split split = {torch::tensor({4, 1}), torch::tensor({2}), torch::tensor({0, 3}), 5, 0};
  write_split(folder / "split.safetensors", split);
  const Split read = read_split(folder / "split.safetensors");
  EXPECT_TRUE(torch::equal(read.train, split.train));
  EXPECT_TRUE(torch::equal(read.validation, split.validation));
  EXPECT_TRUE(torch::equal(read.test, split.test));
  EXPECT_EQ(read.source_examples, 5);
  EXPECT_FALSE(read.source_has_test());
}

}  // namespace
}  // namespace autoencoder
