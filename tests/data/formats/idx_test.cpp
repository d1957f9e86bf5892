#include "data/formats/idx.h"

#include <cstdlib>

#include <fmt/format.h>
#include <torch/types.h>
#include <zlib.h>

#include "common/files.h"
#include "data/named_data.h"
#include "data/source.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::TemporaryFolder;

namespace fs = std::filesystem;

constexpr uint32_t kImagesMagic = 0x00000803;
constexpr uint32_t kLabelsMagic = 0x00000801;

std::string big_endian(const std::vector<uint32_t>& numbers) {
  std::string bytes;
  for (const uint32_t number : numbers) {
    for (const int shift : {24, 16, 8, 0}) {
      bytes += static_cast<char>(number >> shift & 0xff);
    }
  }
  return bytes;
}

// Bytes 0, 1, 2 ... 255, 0, 1 ...
std::string counting_bytes(size_t count) {
  std::string bytes(count, '\0');
  for (size_t i = 0; i < count; ++i) {
    bytes[i] = static_cast<char>(i);
  }
  return bytes;
}

std::string image_bytes(uint32_t count, uint32_t rows, uint32_t columns) {
  return big_endian({kImagesMagic, count, rows, columns}) + counting_bytes(size_t{count} * rows * columns);
}

std::string label_bytes(uint32_t count) { return big_endian({kLabelsMagic, count}) + counting_bytes(count); }

std::string gzip(const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string path = folder / "packed";
  gzFile file = ::gzopen(path.c_str(), "wb");
  ::gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  ::gzclose(file);
  return read_file(path);
}

class Idx : public ::testing::Test {
 protected:
  fs::path write(const std::string& name, const std::string& bytes) {
    fs::path path = folder / name;
    write_file(path, bytes);
    return path;
  }

  std::string error_of_images(const std::string& bytes) {
    const fs::path path = write("images", bytes);
    std::string message = error_of([&] { read_idx_images(path); });
    EXPECT_THAT(message, StartsWith(path.string() + ": "));
    return message;
  }

  std::string error_of_labels(const std::string& bytes) {
    const fs::path path = write("labels", bytes);
    return error_of([&] { read_idx_labels(path); });
  }

  std::string error_of_folder() {
    return error_of([&] { read_idx_folder(folder.path()); });
  }

  SourceOptions source_of(const Json& reading = Json::object()) const {
    SourceOptions source;
    source.data = folder.path().string();
    source.reading = reading;
    return source;
  }

  TemporaryFolder folder;
};

// Numbers that read otherwise in another byte order, or with rows and columns exchanged.
TEST_F(Idx, HeaderIsBigEndianCountRowsColumns) {
  const torch::Tensor images = read_idx_images(write("images", image_bytes(258, 3, 5)));
  EXPECT_EQ(images.sizes(), torch::IntArrayRef({258, 1, 3, 5}));
  EXPECT_EQ(images.scalar_type(), torch::kUInt8);
  EXPECT_EQ(images[0][0][0][4].item<int>(), 4);
  EXPECT_EQ(images[0][0][1][0].item<int>(), 5);
  EXPECT_EQ(images[257][0][2][4].item<int>(), (258 * 3 * 5 - 1) % 256);
}

TEST_F(Idx, LabelsAreWholeNumbersFrom0To255) {
  const torch::Tensor labels = read_idx_labels(write("labels", label_bytes(300)));
  EXPECT_TRUE(torch::equal(labels, torch::arange(300, torch::kInt64).remainder(256)));
  EXPECT_EQ(labels.scalar_type(), torch::kInt64);
}

TEST_F(Idx, GzipReadsAsItsContentsUnderAnyName) {
  const std::string bytes = image_bytes(300, 20, 30);
  const torch::Tensor plain = read_idx_images(write("plain", bytes));
  EXPECT_TRUE(torch::equal(read_idx_images(write("packed.gz", gzip(bytes))), plain));
  EXPECT_TRUE(torch::equal(read_idx_images(write("packed", gzip(bytes))), plain));
}

TEST_F(Idx, HighlyCompressedImagesAreNotTakenForALie) {
  const std::string black = big_endian({kImagesMagic, 1000, 28, 28}) + std::string(784000, '\0');
  const std::string packed = gzip(black);
  ASSERT_GT(black.size() / packed.size(), 900);
  EXPECT_EQ(read_idx_images(write("images", packed)).sum().item<int>(), 0);
}

TEST_F(Idx, MissingFile) {
  const fs::path path = folder / "nowhere";
  EXPECT_EQ(error_of([&] { read_idx_images(path); }),
            path.string() + ": cannot read: No such file or directory");
}

TEST_F(Idx, FolderInPlaceOfAFile) {
  EXPECT_THAT(error_of([&] { read_idx_images(folder.path()); }), HasSubstr("cannot read: Is a directory"));
}

TEST_F(Idx, EmptyFile) { EXPECT_THAT(error_of_images(""), HasSubstr("ends within its header")); }

TEST_F(Idx, FileThatEndsWithinItsHeader) {
  EXPECT_THAT(error_of_images(image_bytes(2, 3, 5).substr(0, 15)), HasSubstr("ends within its header"));
}

TEST_F(Idx, WrongMagicShowsWhatWasFoundAndExpected) {
  EXPECT_THAT(error_of_images("<!DOCTYPE html>"),
              HasSubstr("magic number 0x3c21444f, expected 0x00000803; this is no IDX file of images"));
  EXPECT_THAT(error_of_labels("<!DOCTYPE html>"),
              HasSubstr("expected 0x00000801; this is no IDX file of labels"));
}

TEST_F(Idx, FloatsAreNotTakenForBytes) {
  EXPECT_THAT(error_of_images(big_endian({0x00000d03, 1, 1, 1, 0})), HasSubstr("magic number 0x00000d03"));
}

TEST_F(Idx, LabelsInPlaceOfImagesAndTheReverse) {
  EXPECT_THAT(error_of_images(label_bytes(300)),
              HasSubstr("0x00000801, expected 0x00000803; these are labels, not images"));
  EXPECT_THAT(error_of_labels(image_bytes(2, 3, 5)), HasSubstr("these are images, not labels"));
}

TEST_F(Idx, NoImages) {
  EXPECT_THAT(error_of_images(image_bytes(0, 28, 28)),
              HasSubstr("0 images of 28x28, so there is nothing to learn from"));
  EXPECT_THAT(error_of_images(image_bytes(10, 28, 0)), HasSubstr("10 images of 28x0"));
  EXPECT_THAT(error_of_labels(label_bytes(0)), HasSubstr("0 labels"));
}

TEST_F(Idx, FewerBytesThanTheHeaderSays) {
  std::string bytes = image_bytes(10, 3, 5);
  bytes.pop_back();
  EXPECT_THAT(error_of_images(bytes),
              HasSubstr("its header says 10 images of 3x5, more than its 165 bytes can hold"));
}

TEST_F(Idx, FewerBytesUnderGzipThanTheHeaderSays) {
  std::string bytes = image_bytes(10, 3, 5);
  bytes.pop_back();
  EXPECT_THAT(error_of_images(gzip(bytes)), HasSubstr("10 images of 3x5, 150 bytes, but only 149 follow it"));
}

TEST_F(Idx, MoreBytesThanTheHeaderSays) {
  const std::string bytes = image_bytes(10, 3, 5) + "x";
  EXPECT_THAT(error_of_images(bytes), HasSubstr("10 images of 3x5, 150 bytes, but more follow it"));
  EXPECT_THAT(error_of_images(gzip(bytes)), HasSubstr("10 images of 3x5, 150 bytes, but more follow it"));
}

// An allocation of what these headers say would fail or swallow the memory.
TEST_F(Idx, HeaderThatTheFileCannotHold) {
  const std::string bytes = big_endian({kImagesMagic, 0xffffffff, 28, 28}) + counting_bytes(784);
  EXPECT_THAT(error_of_images(bytes),
              HasSubstr("4294967295 images of 28x28, more than its 800 bytes can hold"));
  EXPECT_THAT(error_of_images(gzip(bytes)), HasSubstr("4294967295 images of 28x28, more than its"));
  EXPECT_THAT(error_of_labels(big_endian({kLabelsMagic, 0xffffffff, 0})),
              HasSubstr("4294967295 labels, more than"));
}

TEST_F(Idx, HeaderThatOverflows) {
  // 2^31 * 2^31 * 2^2 = 2^64, which is 0 in 64 bits.
  EXPECT_THAT(error_of_images(big_endian({kImagesMagic, 0x80000000, 0x80000000, 4})),
              HasSubstr("2147483648 images of 2147483648x4, more than its 16 bytes can hold"));
  EXPECT_THAT(error_of_images(big_endian({kImagesMagic, 0xffffffff, 0xffffffff, 0xffffffff})),
              HasSubstr("more than its 16 bytes can hold"));
}

TEST_F(Idx, GzipCutShortAnywhere) {
  const std::string packed = gzip(image_bytes(300, 20, 30));
  for (const size_t size : {size_t{2}, size_t{9}, packed.size() / 2, packed.size() - 8, packed.size() - 1}) {
    EXPECT_THAT(error_of_images(packed.substr(0, size)), HasSubstr("truncated gzip data"))
        << size << " bytes";
  }
}

TEST_F(Idx, GzipWithAWrongChecksum) {
  std::string packed = gzip(image_bytes(300, 20, 30));
  packed[packed.size() - 8] ^= 1;  // CRC-32 and size are the last eight bytes
  EXPECT_THAT(error_of_images(packed), HasSubstr("corrupt gzip data"));
}

TEST_F(Idx, GzipWithADamagedMiddle) {
  std::string packed = gzip(image_bytes(300, 20, 30));
  packed[12] ^= 0x55;
  EXPECT_THAT(error_of_images(packed), HasSubstr("corrupt gzip data"));
}

TEST_F(Idx, FolderOfAllFourFiles) {
  write("train-images-idx3-ubyte", image_bytes(4, 3, 5));
  write("train-labels-idx1-ubyte.gz", gzip(label_bytes(4)));
  write("t10k-images.idx3-ubyte.gz", gzip(image_bytes(2, 3, 5)));
  write("t10k-labels.idx1-ubyte", label_bytes(2));
  ASSERT_TRUE(has_idx_files(folder.path()));
  const DataSource source = read_idx_folder(folder.path());
  EXPECT_EQ(source.name, folder.path().filename());
  EXPECT_EQ(source.train.size(), 4);
  EXPECT_EQ(source.train.shape(), (ImageShape{1, 3, 5}));
  EXPECT_TRUE(torch::equal(source.train.labels, torch::arange(4)));
  EXPECT_EQ(source.test.size(), 2);
  EXPECT_TRUE(torch::equal(source.test.labels, torch::arange(2)));
  EXPECT_TRUE(source.train.label_names.empty());
}

TEST_F(Idx, TrainingImagesAloneAreEnough) {
  write("train-images.idx3-ubyte", image_bytes(4, 3, 5));
  const DataSource source = read_idx_folder(folder.path());
  EXPECT_EQ(source.train.size(), 4);
  EXPECT_FALSE(source.train.labels.defined());
  EXPECT_TRUE(source.test.empty());
}

TEST_F(Idx, PlainFilesComeBeforePackedOnes) {
  write("train-images-idx3-ubyte.gz", gzip(image_bytes(4, 3, 5)));
  write("train-images.idx3-ubyte", image_bytes(7, 3, 5));
  EXPECT_EQ(read_idx_folder(folder.path()).train.size(), 7);
}

TEST_F(Idx, SourceIsNamedAfterItsFolder) {
  write("my digits/train-images-idx3-ubyte", image_bytes(4, 3, 5));
  EXPECT_EQ(read_idx_folder(folder / "my digits").name, "my digits");
  EXPECT_EQ(read_idx_folder(folder / "my digits/").name, "my digits");
  EXPECT_EQ(read_idx_folder(folder / "my digits/.").name, "my digits");
}

TEST_F(Idx, FolderWithoutTrainingImagesSaysWhatWasLookedFor) {
  write("t10k-images-idx3-ubyte", image_bytes(2, 3, 5));
  fs::create_directory(folder / "train-images-idx3-ubyte");
  EXPECT_FALSE(has_idx_files(folder.path()));
  EXPECT_EQ(error_of_folder(),
            folder.path().string() +
                ": no IDX training images; looked for train-images-idx3-ubyte, train-images.idx3-ubyte, "
                "train-images-idx3-ubyte.gz, train-images.idx3-ubyte.gz");
}

TEST_F(Idx, ImagesAndLabelsOfDifferentCounts) {
  write("train-images-idx3-ubyte", image_bytes(4, 3, 5));
  const fs::path images = write("t10k-images-idx3-ubyte", image_bytes(3, 3, 5));
  write("t10k-labels-idx1-ubyte", label_bytes(2));
  EXPECT_EQ(error_of_folder(),
            images.string() + ": 3 images but 2 labels; the two files do not belong together");
}

TEST_F(Idx, TrainingAndTestImagesOfDifferentSizes) {
  write("train-images-idx3-ubyte", image_bytes(4, 3, 5));
  write("t10k-images-idx3-ubyte", image_bytes(3, 5, 3));
  EXPECT_THAT(error_of_folder(), HasSubstr("the training images are 3x5, but the test images 5x3"));
}

TEST_F(Idx, ASetIsKnownByWhatStandsBeforeItsNames) {
  write("emnist-letters-train-images-idx3-ubyte.gz", gzip(image_bytes(4, 3, 5)));
  write("emnist-letters-train-labels-idx1-ubyte.gz", gzip(label_bytes(4)));
  write("emnist-letters-test-images-idx3-ubyte.gz", gzip(image_bytes(2, 3, 5)));
  EXPECT_FALSE(has_idx_files(folder.path()));
  EXPECT_THAT(idx_prefixes(folder.path()), ElementsAre("emnist-letters"));
  const DataSource source = open_source(source_of());
  EXPECT_EQ(source.name, "emnist-letters");
  EXPECT_EQ(source.train.labels.size(0), 4);
  EXPECT_EQ(source.test.size(), 2);
}

TEST_F(Idx, OfSeveralSetsOneIsChosen) {
  write("kmnist-train-images-idx3-ubyte", image_bytes(4, 3, 5));
  write("emnist-digits-train-images.idx3-ubyte", image_bytes(6, 3, 5));
  const std::string path = folder.path().string();
  EXPECT_EQ(error_of([&] { open_source(source_of()); }),
            path + ": 2 IDX sets, emnist-digits, kmnist; choose one with --idx emnist-digits");
  EXPECT_EQ(open_source(source_of({{"idx", "kmnist"}})).train.size(), 4);
  EXPECT_EQ(error_of([&] {
              open_source(source_of({{"idx", "mnist"}}));
            }),
            path + ": no IDX set called mnist; there is emnist-digits, kmnist; did you mean 'kmnist'?");
}

TEST_F(Idx, TheFoldersOwnSetComesFirst) {
  write("kmnist-train-images-idx3-ubyte", image_bytes(4, 3, 5));
  write("train-images-idx3-ubyte", image_bytes(7, 3, 5));
  const DataSource source = open_source(source_of());
  EXPECT_EQ(source.train.size(), 7);
  EXPECT_THAT(source.notes,
              ElementsAre(HasSubstr("also holds the IDX sets kmnist; --idx takes one of them")));
}

TEST_F(Idx, RowsBecomeColumnsOnRequest) {
  write("train-images-idx3-ubyte", image_bytes(4, 3, 5));
  write("t10k-images-idx3-ubyte", image_bytes(2, 3, 5));
  const DataSource source = open_source(source_of({{"transpose", true}}));
  EXPECT_EQ(source.train.shape(), (ImageShape{1, 5, 3}));
  EXPECT_EQ(source.train.images.all()[0][0][4][1].item<int>(), 1 * 5 + 4);
  EXPECT_EQ(source.test.shape(), (ImageShape{1, 5, 3}));
}

TEST_F(Idx, NamedSourceLiesInTheDataFolderOrBelowIt) {
  write("mnist/train-images-idx3-ubyte", image_bytes(4, 3, 5));
  for (const fs::path& place : {folder.path(), folder / "mnist"}) {
    const DataSource source = read_named_data("mnist", place.string());
    EXPECT_EQ(source.name, "mnist");
    EXPECT_EQ(source.train.size(), 4);
  }
}

TEST_F(Idx, NamedSourceLiesInTheFolderOfTheEnvironment) {
  write("mnist/train-images-idx3-ubyte", image_bytes(4, 3, 5));
  ::setenv("AUTOENCODER_DATA", folder.path().c_str(), 1);
  EXPECT_THAT(named_data_folders("mnist", ""), ElementsAre("data/mnist", folder / "mnist"));
  ::setenv("AUTOENCODER_DATA", "", 1);
  EXPECT_THAT(named_data_folders("mnist", ""), ElementsAre("data/mnist"));
  ::unsetenv("AUTOENCODER_DATA");
  EXPECT_THAT(named_data_folders("fashion-mnist", ""),
              ElementsAre("data/fashion-mnist", "/usr/share/datasets/fashion-mnist"));
}

TEST_F(Idx, MissingNamedSourceSaysWhereItWasSoughtAndHowToGetIt) {
  const std::string place = folder.path().string();
  EXPECT_EQ(error_of([&] { read_named_data("mnist", place); }),
            fmt::format("no mnist in {0}, {0}/mnist; get it with `scripts/download-mnist`, or name its "
                        "folder with --data-dir",
                        place));
  EXPECT_THAT(error_of([&] { read_named_data("fashion-mnist", place); }),
              HasSubstr("`apt install dataset-fashion-mnist`"));
}

TEST_F(Idx, FashionMnistHasNamesForItsLabels) {
  write("fashion-mnist/train-images-idx3-ubyte", image_bytes(10, 3, 5));
  write("fashion-mnist/train-labels-idx1-ubyte", label_bytes(10));
  const DataSource source = read_named_data("fashion-mnist", folder.path().string());
  EXPECT_THAT(source.train.label_names, ElementsAre("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                                    "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"));
}

TEST_F(Idx, OtherLabelsInAFolderOfThatNameStayNumbers) {
  write("fashion-mnist/train-images-idx3-ubyte", image_bytes(11, 3, 5));
  write("fashion-mnist/train-labels-idx1-ubyte", label_bytes(11));
  const DataSource source = read_named_data("fashion-mnist", folder.path().string());
  EXPECT_TRUE(source.train.label_names.empty());
}

TEST(ToUnitRange, DividesBytesBy255AndLeavesTheInput) {
  const torch::Tensor bytes = torch::tensor({0, 51, 255}, torch::kUInt8);
  const torch::Tensor scaled = to_unit_range(bytes);
  EXPECT_TRUE(torch::equal(scaled, torch::tensor({0.0F, 0.2F, 1.0F})));
  EXPECT_EQ(bytes[2].item<int>(), 255);
}

TEST(ToUnitRange, FloatsStayAsTheyAre) {
  const torch::Tensor floats = torch::tensor({-0.5F, 2.0F});
  EXPECT_TRUE(torch::equal(to_unit_range(floats), floats));
}

TEST(ImageShapeText, ChannelsAreNamedWhereThereAreSeveral) {
  EXPECT_EQ((ImageShape{1, 28, 30}).text(), "28x30");
  EXPECT_EQ((ImageShape{3, 32, 48}).text(), "3x32x48");
}

TEST(ImageShapeText, VectorsAreNumbers) {
  EXPECT_EQ((ImageShape{1, 1, 64}).text(), "64 numbers");
  EXPECT_TRUE((ImageShape{1, 1, 64}).is_vector());
  EXPECT_FALSE((ImageShape{1, 2, 32}).is_vector());
  EXPECT_FALSE((ImageShape{3, 1, 32}).is_vector());
}

}  // namespace
}  // namespace autoencoder
