#include "data/formats/npz.h"

#include <map>
#include <zip.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/files.h"
#include "data/formats/npy.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

using Arrays = std::map<std::string, torch::Tensor>;

class NpzTest : public ::testing::Test {
 protected:
  /// As numpy.savez writes it (stored), or numpy.savez_compressed (deflated).
  void write(const Arrays& arrays, zip_int32_t method = ZIP_CM_STORE) const {
    zip_t* archive = ::zip_open(path_.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    std::vector<std::string> contents;
    for (const auto& [name, array] : arrays) {
      write_npy(folder_ / "one.npy", array);
      contents.push_back(read_file(folder_ / "one.npy"));
    }
    size_t place = 0;
    for (const auto& [name, array] : arrays) {
      const std::string& bytes = contents[place++];
      const zip_int64_t entry = ::zip_file_add(
          archive, (name + ".npy").c_str(), ::zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0);
      ::zip_set_file_compression(archive, static_cast<zip_uint64_t>(entry), method, 0);
    }
    ASSERT_EQ(::zip_close(archive), 0);
  }

  std::string error(const std::string& array = "") const {
    return error_of([&] { read_npz_source(path_, array); });
  }

  testing::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "set.npz";
};

TEST_F(NpzTest, TheOnlyArrayIsTheData) {
  const torch::Tensor values = torch::rand({300, 20});
  for (const zip_int32_t method : {ZIP_CM_STORE, ZIP_CM_DEFLATE}) {
    write({{"x", values}}, method);
    const DataSource source = read_npz_source(path_);
    EXPECT_EQ(source.name, "set");
    EXPECT_TRUE(torch::equal(source.train.images.all().view({300, 20}), values)) << method;
    EXPECT_FALSE(source.train.labels.defined());
  }
}

TEST_F(NpzTest, LabelsAreOfTheArrayOrOfAll) {
  const torch::Tensor labels = torch::arange(3);
  write({{"x", torch::zeros({3, 2})}, {"labels", labels}});
  EXPECT_TRUE(torch::equal(read_npz_source(path_).train.labels, labels));
  write({{"x", torch::zeros({3, 2})}, {"labels", labels}, {"x.labels", labels + 5}});
  EXPECT_TRUE(torch::equal(read_npz_source(path_).train.labels, labels + 5));
  write({{"x", torch::zeros({3, 2})}, {"labels", torch::arange(4)}});
  EXPECT_EQ(error(),
            path_.string() + ", array labels: 4 labels for 3 examples; the two files do not belong together");
}

TEST_F(NpzTest, OneOfSeveralArraysIsChosen) {
  write({{"test_images", torch::zeros({3, 2})}, {"train_images", torch::ones({4, 2})}});
  EXPECT_EQ(error(),
            path_.string() + ": 2 arrays, test_images, train_images; choose one with --array test_images");
  EXPECT_EQ(read_npz_source(path_, "train_images").train.size(), 4);
  EXPECT_EQ(error("train_image"), path_.string() +
                                      ": no array called train_image; there is test_images, "
                                      "train_images; did you mean 'train_images'?");
}

TEST_F(NpzTest, DamagedFiles) {
  EXPECT_THAT(error(), HasSubstr("set.npz: cannot read: No such file or directory"));
  write_file(path_, "PK\x03\x04 and no more");
  EXPECT_EQ(error(), path_.string() + ": no whole .npz file; save the arrays again with numpy.savez");
  write({{"x", torch::rand({300, 20})}});
  std::string bytes = read_file(path_);
  bytes[1000] ^= 1;
  write_file(path_, bytes);
  EXPECT_EQ(error(), path_.string() + ", array x: damaged; save the arrays again with numpy.savez");
  write_file(path_, bytes.substr(0, 20000));
  EXPECT_THAT(error(), HasSubstr("no whole .npz file"));
}

TEST_F(NpzTest, NothingToLearnFrom) {
  write({{"labels", torch::arange(3)}});
  EXPECT_THAT(error(), HasSubstr("no array in it to learn from"));
}

}  // namespace
}  // namespace autoencoder
