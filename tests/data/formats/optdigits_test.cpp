#include "data/formats/optdigits.h"

#include <cstdlib>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/files.h"
#include "data/named_data.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::EndsWith;
using testing::error_of;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

namespace fs = std::filesystem;

// Of each digit an image whose pixels count up from it, by rows.
std::string digit_rows(int count) {
  std::string text;
  for (int digit = 0; digit < count; ++digit) {
    for (int pixel = 0; pixel < 64; ++pixel) {
      text += fmt::format("{},", (pixel + digit) % 17);
    }
    text += fmt::format("{}\n", digit);
  }
  return text;
}

class Optdigits : public ::testing::Test {
 protected:
  fs::path write(const std::string& name, const std::string& text) {
    write_file(folder / name, text);
    return folder / name;
  }

  std::string error_of_text(const std::string& text) {
    const fs::path path = write("optdigits.tes", text);
    return error_of([&] { read_optdigits_file(path); }).substr(path.string().size() + 2);
  }

  TemporaryFolder folder;
};

TEST_F(Optdigits, RowsAreImagesOf8By8) {
  const DataSource source = read_optdigits_file(write("some.tra", digit_rows(10)));
  EXPECT_EQ(source.name, "some");
  EXPECT_EQ(source.train.shape(), (ImageShape{1, 8, 8}));
  EXPECT_EQ(source.train.images.all().scalar_type(), torch::kFloat32);
  EXPECT_EQ(source.train.images.all()[3][0][0][0].item<float>(), 3.0F / 16);
  EXPECT_EQ(source.train.images.all()[3][0][1][0].item<float>(), 11.0F / 16);
  EXPECT_EQ(source.train.images.all()[0][0][2][0].item<float>(), 1);
  EXPECT_TRUE(torch::equal(source.train.labels, torch::arange(10)));
  EXPECT_TRUE(source.test.empty());
}

TEST_F(Optdigits, FolderOfBothHasATestSplit) {
  write("optdigits.tra", digit_rows(10));
  write("optdigits.tes", digit_rows(4));
  ASSERT_TRUE(has_optdigits(folder.path()));
  const DataSource source = read_optdigits_folder(folder.path());
  EXPECT_EQ(source.name, "digits");
  EXPECT_EQ(source.train.size(), 10);
  EXPECT_EQ(source.test.size(), 4);
}

TEST_F(Optdigits, EitherFileAloneIsEnough) {
  for (const char* name : {"optdigits.tra", "optdigits.tes"}) {
    const TemporaryFolder alone;
    EXPECT_FALSE(has_optdigits(alone.path()));
    write_file(alone / name, digit_rows(5));
    ASSERT_TRUE(has_optdigits(alone.path()));
    const DataSource source = read_optdigits_folder(alone.path());
    EXPECT_EQ(source.train.size(), 5);
    EXPECT_TRUE(source.test.empty());
  }
}

TEST_F(Optdigits, FoundByName) {
  write("digits/optdigits.tes", digit_rows(5));
  for (const fs::path& place : {folder.path(), folder / "digits"}) {
    EXPECT_EQ(read_named_data("digits", place.string()).train.size(), 5);
  }
  ::setenv("AUTOENCODER_DATA", folder.path().c_str(), 1);
  EXPECT_EQ(read_named_data("digits", "").train.size(), 5);
  ::unsetenv("AUTOENCODER_DATA");
}

TEST_F(Optdigits, MissingSaysWhereItWasSoughtAndHowToGetIt) {
  const std::string place = folder.path().string();
  EXPECT_EQ(error_of([&] { read_named_data("digits", place); }),
            fmt::format("no digits in {0}, {0}/digits; get optdigits.tra and optdigits.tes from "
                        "https://archive.ics.uci.edu/dataset/80, or name their folder with --data-dir",
                        place));
}

TEST_F(Optdigits, RowsThatAreNot) {
  const std::string remedy = "; rows are 64 whole numbers from 0 to 16 and a digit; get the file again";
  const std::string good = digit_rows(1);
  EXPECT_EQ(error_of_text("1,2,3\n4,5,6\n"), "rows of 3 numbers" + remedy);
  EXPECT_EQ(error_of_text("x" + good + good), "rows of 65 numbers under a header" + remedy);
  EXPECT_EQ(error_of_text(good + "17" + good.substr(1)), "line 2, column 1 is 17" + remedy);
  EXPECT_EQ(error_of_text(good + "-1" + good.substr(1)), "line 2, column 1 is -1" + remedy);
  EXPECT_EQ(error_of_text(good + "0.5" + good.substr(1)), "line 2, column 1 is 0.5" + remedy);
  EXPECT_EQ(error_of_text(good + good.substr(0, good.size() - 2) + "10\n"),
            "line 2: its label is 10" + remedy);
  EXPECT_EQ(error_of_text(good.substr(0, good.size() - 2) + "one\n"), "labels such as 'one'" + remedy);
  EXPECT_THAT(error_of_text(good + "1,2\n"), HasSubstr("line 2 has 2 columns, but the first line has 65"));
}

TEST(OptdigitsFile, AsTheSourceDescribesIt) {
  const fs::path path = "/work/shared/data/digits/optdigits.tes";
  if (!fs::exists(path)) {
    GTEST_SKIP() << path << " is not there";
  }
  const Dataset digits = read_optdigits_file(path).train;
  EXPECT_EQ(digits.size(), 1797);
  EXPECT_EQ(digits.images.all().max().item<float>(), 1);
  const std::vector<int64_t> counts = {178, 182, 177, 183, 181, 182, 181, 179, 174, 180};  // optdigits.names
  EXPECT_TRUE(torch::equal(torch::bincount(digits.labels), torch::tensor(counts)));
}

}  // namespace
}  // namespace autoencoder
