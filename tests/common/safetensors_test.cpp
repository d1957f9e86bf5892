// The format as others write it is tested against Python's own package in tests/parity.

#include "common/safetensors.h"

#include <cstring>

#include <torch/types.h>

#include "common/archive.h"
#include "common/files.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

// A file with that header and those bytes of numbers behind it.
std::string file_of(const std::string& header, const std::string& numbers) {
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + numbers;
}

class SafeTensorsFile : public ::testing::Test {
 protected:
  std::string refusal_of(const std::string& bytes) {
    write_file(folder_ / "file", bytes);
    return error_of([&] { read_safetensors(folder_ / "file"); });
  }

  TemporaryFolder folder_;
};

TEST_F(SafeTensorsFile, TensorsOfAllTypesAndShapesComeBack) {
  SafeTensors written;
  written.metadata = {{"format", "pt"}, {"what", "\xff bytes"}};
  for (const auto type :
       {torch::kBool, torch::kUInt8, torch::kInt8, torch::kInt16, torch::kInt32, torch::kInt64,
        torch::kFloat16, torch::kBFloat16, torch::kFloat32, torch::kFloat64}) {
    written.tensors[std::string("of ") + torch::toString(type)] = torch::randint(0, 2, {3, 5}).to(type);
  }
  written.tensors["scalar"] = torch::tensor(2.5);
  written.tensors["empty"] = torch::zeros({0, 4});
  written.tensors["transposed"] = torch::rand({3, 5}).t();
  write_safetensors(folder_ / "file", written);
  SafeTensors read = read_safetensors(folder_ / "file");
  EXPECT_EQ(read.metadata.erase("checksum"), 1);
  EXPECT_EQ(read.metadata, written.metadata);
  ASSERT_EQ(read.tensors.size(), written.tensors.size());
  for (const auto& [name, tensor] : written.tensors) {
    EXPECT_TRUE(torch::equal(read.tensors.at(name), tensor)) << name;
    EXPECT_EQ(read.tensors.at(name).scalar_type(), tensor.scalar_type());
  }
}

TEST_F(SafeTensorsFile, WritingToATensorLeavesTheFileAlone) {
  write_safetensors(folder_ / "file", {{{"a", torch::zeros({3})}}, {}});
  read_safetensors(folder_ / "file").tensors.at("a").fill_(7);
  EXPECT_EQ(read_safetensors(folder_ / "file").tensors.at("a").sum().item<float>(), 0);
}

TEST_F(SafeTensorsFile, AFileOfAnotherProgramMayBeUnaligned) {
  const float number = 1.5F;
  const std::string bytes(reinterpret_cast<const char*>(&number), 4);
  write_file(folder_ / "file", file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[1,5]},)"
                                       R"("b":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}} )",
                                       "\x07" + bytes));
  const SafeTensors read = read_safetensors(folder_ / "file");
  EXPECT_EQ(read.tensors.at("a").item<float>(), 1.5F);
  EXPECT_TRUE(read.tensors.at("b").item<bool>());
}

TEST_F(SafeTensorsFile, WhatAHeaderClaimsIsHeldAgainstTheFile) {
  const auto claim = [](const std::string& entry) { return R"({"a":)" + entry + "}"; };
  const std::string bytes(8, '\0');
  for (const char* entry : {
           R"({"dtype":"F32","shape":[3],"data_offsets":[0,12]})",          // beyond the end
           R"({"dtype":"F32","shape":[2000000000],"data_offsets":[0,8]})",  // larger than its bytes
           R"({"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]})",  // overflows to 0
           R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})",                      // leaves bytes over
           R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})",                      // leaves a gap
           R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})",  // ends before it begins
           R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})",
           R"({"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})",
           R"({"dtype":"F31","shape":[2],"data_offsets":[0,8]})",
           R"({"dtype":"F32","shape":2,"data_offsets":[0,8]})",
           R"({"dtype":"F32","shape":[2]})",
           R"([1,2])",
       }) {
    EXPECT_THAT(refusal_of(file_of(claim(entry), bytes)), HasSubstr("file: damaged")) << entry;
  }
  write_file(folder_ / "file", file_of(claim(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})"), bytes));
  EXPECT_NO_THROW(read_safetensors(folder_ / "file"));
}

TEST_F(SafeTensorsFile, TensorsThatShareBytesAreRefused) {
  EXPECT_THAT(refusal_of(file_of(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                                 R"("b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
                                 "abc")),
              HasSubstr("b is said to lie at 1 to 3 of 3 bytes"));
}

TEST_F(SafeTensorsFile, DamageIsSeenWhereverItIs) {
  write_archive(folder_ / "whole", {"split", {{"epoch", 3}}, {{"a", torch::rand({40})}}});
  const std::string whole = read_file(folder_ / "whole");
  const auto refusal_of = [&](const std::string& bytes) {
    write_file(folder_ / "file", bytes, Durability::kCanBeMadeAgain);
    return error_of([&] { read_archive(folder_ / "file", "split"); });
  };
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x04);
    EXPECT_NE(refusal_of(bytes), "") << at;
    if (at % 16 == 0) {
      EXPECT_NE(refusal_of(whole.substr(0, at)), "") << at;
    }
  }
}

TEST_F(SafeTensorsFile, HeadersThatAreNoneAreRefused) {
  for (const std::string& bytes :
       {std::string(), std::string("short"), std::string(8, '\xff'), std::string(64, '\xff'),
        file_of("{", ""), file_of("[]", ""), file_of("7", ""), file_of(R"({"__metadata__":{"a":1}})", ""),
        file_of(std::string(100'000, '['), "")}) {
    EXPECT_THAT(refusal_of(bytes), HasSubstr("file: damaged")) << bytes.substr(0, 20);
  }
  EXPECT_THAT(error_of([&] { read_safetensors(folder_ / "none"); }),
              HasSubstr("none: cannot read: No such file"));
}

TEST_F(SafeTensorsFile, AnArchiveOfOneKindIsNotTakenForAnother) {
  write_archive(folder_ / "file", {"split", {{"seed", 3}}, {{"train", torch::arange(4)}}});
  EXPECT_EQ(read_archive(folder_ / "file", "split").description.at("seed"), 3);
  EXPECT_EQ(error_of([&] { read_archive(folder_ / "file", "detector"); }),
            (folder_ / "file").string() + ": holds a split, not a detector");
  write_safetensors(folder_ / "file", {{}, {}});
  EXPECT_THAT(error_of([&] { read_archive(folder_ / "file", "split"); }), HasSubstr("file: damaged"));
  write_safetensors(folder_ / "file", {{}, {{"autoencoder_format", "1000"}, {"kind", "split"}}});
  EXPECT_THAT(error_of([&] { read_archive(folder_ / "file", "split"); }), HasSubstr("by a later version"));
}

}  // namespace
}  // namespace autoencoder
