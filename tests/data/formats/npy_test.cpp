#include "data/formats/npy.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "common/files.h"
#include "data/formats/npy_source.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::TemporaryFolder;

namespace fs = std::filesystem;

constexpr const char* kAgain = "save the array again with numpy.save";

std::string little_endian(uint64_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) {
    text += static_cast<char>(number >> (8 * i) & 0xff);
  }
  return text;
}

std::string npy_of(const std::string& dictionary, const std::string& data, int version = 1) {
  return "\x93NUMPY" + std::string(1, static_cast<char>(version)) + std::string(1, '\0') +
         little_endian(dictionary.size() + 1, version == 1 ? 2 : 4) + dictionary + "\n" + data;
}

std::string dictionary_of(const std::string& type, const std::string& shape, bool fortran_order = false) {
  return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}", type,
                     fortran_order ? "True" : "False", shape);
}

// The bytes of numbers, lowest first or highest first.
template <typename Number>
std::string bytes_of(const std::vector<Number>& numbers, bool big_endian = false) {
  std::string bytes;
  for (const Number number : numbers) {
    std::string one(reinterpret_cast<const char*>(&number), sizeof(Number));
    bytes += big_endian ? std::string(one.rbegin(), one.rend()) : one;
  }
  return bytes;
}

class Npy : public ::testing::Test {
 protected:
  fs::path write(const std::string& name, const std::string& bytes) {
    write_file(folder / name, bytes);
    return folder / name;
  }

  torch::Tensor read(const std::string& bytes) { return read_npy(write("x.npy", bytes)); }

  std::string error_of_bytes(const std::string& bytes) {
    const fs::path path = write("x.npy", bytes);
    return without_path(path, error_of([&] { read_npy(path); }));
  }

  static std::string without_path(const fs::path& path, const std::string& message) {
    EXPECT_THAT(message, StartsWith(path.string() + ": "));
    return message.substr(std::min(message.size(), path.string().size() + 2));
  }

  TemporaryFolder folder;
};

template <typename Number>
void expect_read(const fs::path& path, const std::string& code, torch::ScalarType type) {
  const std::vector<Number> numbers = {1, 2, 3, 4, 5, 100};
  for (const bool big_endian : {false, true}) {
    const std::string order = sizeof(Number) == 1 ? "|" : big_endian ? ">" : "<";
    write_file(path, npy_of(dictionary_of(order + code, "(2, 3)"), bytes_of(numbers, big_endian)));
    const torch::Tensor array = read_npy(path);
    EXPECT_EQ(array.scalar_type(), type);
    EXPECT_TRUE(torch::equal(array.to(torch::kFloat64),
                             torch::tensor({{1.0, 2.0, 3.0}, {4.0, 5.0, 100.0}}, torch::kFloat64)))
        << order << code << array;
  }
}

TEST_F(Npy, EveryTypeInBothByteOrders) {
  const fs::path path = folder / "x.npy";
  expect_read<c10::Half>(path, "f2", torch::kFloat16);
  expect_read<float>(path, "f4", torch::kFloat32);
  expect_read<double>(path, "f8", torch::kFloat64);
  expect_read<uint8_t>(path, "u1", torch::kUInt8);
  expect_read<uint16_t>(path, "u2", torch::kInt32);
  expect_read<uint32_t>(path, "u4", torch::kInt64);
  expect_read<int8_t>(path, "i1", torch::kInt8);
  expect_read<int16_t>(path, "i2", torch::kInt16);
  expect_read<int32_t>(path, "i4", torch::kInt32);
  expect_read<int64_t>(path, "i8", torch::kInt64);
}

TEST_F(Npy, WholeNumbersWithoutASignKeepTheirLargest) {
  const auto of_16 = npy_of(dictionary_of("<u2", "(2,)"), bytes_of<uint16_t>({65535, 7}));
  EXPECT_TRUE(torch::equal(read(of_16), torch::tensor({65535, 7}, torch::kInt32)));
  const auto of_32 = npy_of(dictionary_of(">u4", "(2,)"), bytes_of<uint32_t>({4294967295, 7}, true));
  EXPECT_TRUE(torch::equal(read(of_32), torch::tensor({4294967295, int64_t{7}}, torch::kInt64)));
}

TEST_F(Npy, TrueAndFalse) {
  const auto bytes = npy_of(dictionary_of("|b1", "(3,)"), bytes_of<uint8_t>({1, 0, 1}));
  EXPECT_TRUE(torch::equal(read(bytes), torch::tensor({true, false, true})));
}

TEST_F(Npy, VersionsDifferInTheSizeOfTheirHeader) {
  for (const int version : {1, 2, 3}) {
    const auto bytes = npy_of(dictionary_of("<f4", "(3,)"), bytes_of<float>({1, 2, 3}), version);
    EXPECT_TRUE(torch::equal(read(bytes), torch::tensor({1.0F, 2.0F, 3.0F}))) << version;
  }
}

TEST_F(Npy, FortranOrderIsTransposed) {
  // [[[0 1] [2 3] [4 5]]] of shape 1 x 3 x 2: the first index is the fastest.
  const auto bytes = npy_of(dictionary_of("|u1", "(1, 3, 2)", true), bytes_of<uint8_t>({0, 2, 4, 1, 3, 5}));
  const torch::Tensor array = read(bytes);
  EXPECT_TRUE(array.is_contiguous());
  EXPECT_TRUE(torch::equal(array, torch::arange(6, torch::kUInt8).view({1, 3, 2})));
}

TEST_F(Npy, HeadersAsOtherProgramsWriteThem) {
  for (const char* dictionary :
       {"{'shape': (2, 1), 'fortran_order': False, 'descr': '<f4'}",
        "{'descr':'<f4','fortran_order':False,'shape':(2,1)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 1L), }            "}) {
    EXPECT_EQ(read(npy_of(dictionary, bytes_of<float>({1, 2}))).sizes(), torch::IntArrayRef({2, 1}))
        << dictionary;
  }
}

TEST_F(Npy, WhatIsWrittenIsRead) {
  torch::manual_seed(1);
  const fs::path path = folder / "new" / "x.npy";
  for (const torch::Tensor& tensor :
       {torch::randn({7, 3}), torch::randint(-9, 9, {5}, torch::kInt64), torch::randn({}),
        torch::empty({0, 4}), torch::randint(0, 256, {2, 3, 4, 5}, torch::kUInt8),
        torch::randn({3, 7}).t()}) {
    write_npy(path, tensor);
    const torch::Tensor array = read_npy(path);
    EXPECT_EQ(array.scalar_type(), tensor.scalar_type());
    EXPECT_TRUE(torch::equal(array, tensor));
  }
}

// What numpy.save writes, byte for byte.
TEST_F(Npy, FilesLookAsThoseOfNumPy) {
  write_npy(folder / "x.npy", torch::tensor({1.0F, -2.0F}));
  const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
  const std::string start = std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header;
  EXPECT_EQ(read_file(folder / "x.npy"),
            start + std::string(127 - start.size(), ' ') + "\n" + bytes_of<float>({1, -2}));
}

TEST_F(Npy, TypesThatCannotBeWrittenAreAMistakeInTheProgram) {
  EXPECT_THROW(write_npy(folder / "x.npy", torch::zeros({2}, torch::kFloat64)), c10::Error);
}

TEST_F(Npy, Files) {
  EXPECT_THAT(error_of([&] { read_npy(folder / "nowhere.npy"); }),
              HasSubstr("nowhere.npy: cannot read: No such file or directory"));
  EXPECT_THAT(error_of([&] { read_npy(folder.path()); }), HasSubstr("cannot read: Is a directory"));
}

TEST_F(Npy, WrongMagic) {
  const std::string message = std::string("does not begin as a .npy file does; ") + kAgain;
  EXPECT_EQ(error_of_bytes(""), message);
  EXPECT_EQ(error_of_bytes("\x93NUMP"), message);
  EXPECT_EQ(error_of_bytes("PK\x03\x04 this is a .npz file"), message);
}

TEST_F(Npy, UnknownVersion) {
  EXPECT_THAT(error_of_bytes(npy_of(dictionary_of("<f4", "(1,)"), "1234", 4)),
              StartsWith(".npy version 4; "));
  EXPECT_THAT(error_of_bytes(npy_of(dictionary_of("<f4", "(1,)"), "1234", 0)),
              StartsWith(".npy version 0; "));
}

TEST_F(Npy, CutShortAnywhere) {
  for (const int version : {1, 2}) {
    const std::string bytes = npy_of(dictionary_of("<f4", "(2, 1)"), bytes_of<float>({1, 2}), version);
    for (size_t size = 6; size < bytes.size(); ++size) {
      const std::string expected =
          size < bytes.size() - 8
              ? "ends within its header; it is cut short, "
              : fmt::format("its header says 2 x 1 of float32, 8 bytes, but {} bytes follow it; ",
                            size + 8 - bytes.size());
      ASSERT_EQ(error_of_bytes(bytes.substr(0, size)), expected + kAgain) << size;
    }
  }
}

TEST_F(Npy, MoreBytesThanTheHeaderSays) {
  EXPECT_THAT(error_of_bytes(npy_of(dictionary_of("<f4", "(2,)"), "123456789")),
              StartsWith("its header says 2 of float32, 8 bytes, but 9 bytes follow it; "));
}

// An allocation of what these headers say would fail or swallow the memory.
TEST_F(Npy, HeaderThatTheFileCannotHold) {
  EXPECT_THAT(
      error_of_bytes("\x93NUMPY\x02" + std::string(1, '\0') + little_endian(0xffffffff, 4) + "{'descr'"),
      StartsWith("ends within its header"));
  EXPECT_THAT(
      error_of_bytes(npy_of(dictionary_of("<f4", "(1000000000000, 100)"), "1234")),
      StartsWith("its header says 1000000000000 x 100 of float32, 400000000000000 bytes, but 4 bytes"));
}

TEST_F(Npy, HeaderThatOverflows) {
  // 2^62 * 4 bytes, and 2^32 * 2^32 * 4 bytes, are 0 in 64 bits.
  for (const char* shape :
       {"(4611686018427387904,)", "(4294967296, 4294967296)", "(0, 4294967296, 4294967296)"}) {
    EXPECT_THAT(error_of_bytes(npy_of(dictionary_of("<f4", shape), "")),
                HasSubstr("of float32, but 0 bytes follow it"))
        << shape;
  }
  EXPECT_THAT(error_of_bytes(npy_of(dictionary_of("<f4", "(99999999999999999999,)"), "")),
              StartsWith("its header has no shape that can be read"));
}

TEST_F(Npy, OtherTypes) {
  const std::string advice =
      "; save it as bool, float16 to float64, uint8 to uint32 or int8 to int64, such as "
      "array.astype('float32')";
  EXPECT_EQ(error_of_bytes(npy_of(dictionary_of("|O", "(1,)"), "x")), "holds '|O' (Python objects)" + advice);
  EXPECT_EQ(error_of_bytes(npy_of(dictionary_of("<c8", "(1,)"), "12345678")),
            "holds '<c8' (complex numbers)" + advice);
  EXPECT_EQ(error_of_bytes(npy_of(dictionary_of("<U5", "(1,)"), "x")), "holds '<U5' (text)" + advice);
  EXPECT_EQ(error_of_bytes(npy_of(dictionary_of("|S5", "(1,)"), "x")), "holds '|S5' (text)" + advice);
  EXPECT_EQ(error_of_bytes(npy_of(dictionary_of("<u8", "(1,)"), "12345678")), "holds '<u8'" + advice);
  EXPECT_EQ(error_of_bytes(npy_of(dictionary_of("", "(1,)"), "1234")), "holds ''" + advice);
  EXPECT_EQ(
      error_of_bytes(npy_of("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }", "1234")),
      "holds records of several fields" + advice);
}

TEST_F(Npy, BrokenHeaders) {
  const auto error = [&](const char* dictionary) { return error_of_bytes(npy_of(dictionary, "1234")); };
  EXPECT_EQ(error("{}"), std::string("its header has no descr that can be read; ") + kAgain);
  EXPECT_THAT(error("{'descr': '<f4'}"), StartsWith("its header has no fortran_order"));
  EXPECT_THAT(error("{'descr': '<f4', 'fortran_order': 1, 'shape': (1,)}"),
              StartsWith("its header has no fortran_order"));
  EXPECT_THAT(error("{'descr': '<f4', 'fortran_order': False}"), StartsWith("its header has no shape"));
  for (const char* shape : {"", "1", "(1", "(-1,)", "(1.5,)", "(one,)", "(1 2)", "(,)", "(1,,2)"}) {
    EXPECT_THAT(error_of_bytes(npy_of(dictionary_of("<f4", shape), "1234")),
                StartsWith("its header has no shape"))
        << shape;
  }
  for (const char* type : {"", "1", "'<f4"}) {
    EXPECT_THAT(error_of_bytes(npy_of(fmt::format("{{'descr': {}", type), "1234")),
                StartsWith("its header has no descr"))
        << type;
  }
}

// Whatever a header says, it is read or refused in words.
TEST_F(Npy, HeadersWithADamagedByte) {
  const std::string good = npy_of(dictionary_of("<f4", "(2, 3)"), bytes_of<float>({1, 2, 3, 4, 5, 6}));
  for (size_t position = 0; position < good.size() - 24; ++position) {
    for (const char byte : {'\0', '\xff', '9', '-', ')', '\'', ' '}) {
      std::string bytes = good;
      bytes[position] = byte;
      const fs::path path = write("x.npy", bytes);
      try {
        EXPECT_EQ(read_npy(path).nbytes(), 24) << position;
      } catch (const Error& error) {
        EXPECT_THAT(error.what(), StartsWith(path.string() + ": ")) << position;
      }
    }
  }
}

TEST_F(Npy, AFileIsASource) {
  write_npy(folder / "table.npy", torch::full({2, 3}, 4.5F));
  const DataSource source = read_npy_source(folder / "table.npy");
  EXPECT_EQ(source.name, "table");
  EXPECT_TRUE(torch::equal(source.train.images.all(), torch::full({2, 1, 1, 3}, 4.5F)));
}

TEST_F(Npy, LabelsLieBeside) {
  const torch::Tensor labels = torch::tensor({3, 1, 2}, torch::kInt64);
  write_npy(folder / "x.npy", torch::zeros({3, 4}));
  write_npy(folder / "labels.npy", labels + 10);
  EXPECT_TRUE(torch::equal(read_npy_source(folder / "x.npy").train.labels, labels + 10));
  write_npy(folder / "x.labels.npy", labels.to(torch::kUInt8));
  const torch::Tensor own = read_npy_source(folder / "x.npy").train.labels;
  EXPECT_TRUE(torch::equal(own, labels));
  EXPECT_EQ(own.scalar_type(), torch::kInt64);
}

TEST_F(Npy, LabelsThatAreNone) {
  const fs::path path = folder / "x.labels.npy";
  write_npy(folder / "x.npy", torch::zeros({3, 4}));
  const auto error = [&](const torch::Tensor& labels) {
    write_npy(path, labels);
    return without_path(path, error_of([&] { read_npy_source(folder / "x.npy"); }));
  };
  EXPECT_EQ(error(torch::zeros({2}, torch::kInt64)),
            "2 labels for 3 examples; the two files do not belong together");
  const std::string advice = "; labels are N whole numbers, save them as a 1-dimensional int64 array";
  EXPECT_EQ(error(torch::zeros({3})), "3 of float32" + advice);
  EXPECT_EQ(error(torch::zeros({3, 1}, torch::kInt64)), "3 x 1 of int64" + advice);
}

TEST_F(Npy, LabelsAreNoDataOfTheirOwn) {
  write_npy(folder / "labels.npy", torch::zeros({3}, torch::kInt64));
  EXPECT_THAT(error_of([&] { read_npy_source(folder / "labels.npy"); }),
              HasSubstr("1 dimension (3 of int64)"));
}

TEST_F(Npy, ALargeArrayIsMappedAndStaysAsItIsOnTheDisk) {
  const int64_t rows = int64_t{1} << 19;
  const fs::path path = folder / "large.npy";
  {
    NpyWriter writer(path, {rows, 512}, torch::kUInt8);
    const torch::Tensor some = torch::arange(256, torch::kUInt8).repeat({2}).expand({rows / 64, 512});
    for (int i = 0; i < 64; ++i) {
      writer.append(some);
    }
    writer.commit();
  }
  torch::Tensor array = read_npy(path);
  EXPECT_EQ(array.sizes(), (std::vector<int64_t>{rows, 512}));
  EXPECT_TRUE(torch::equal(array[rows - 1], torch::arange(256, torch::kUInt8).repeat({2})));
  array[0].fill_(9);
  EXPECT_EQ(read_npy(path)[0][1].item<int>(), 1);
}

}  // namespace
}  // namespace autoencoder
