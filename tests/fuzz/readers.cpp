#include "tests/fuzz/readers.h"

#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>
#include <torch/types.h>
#include <zlib.h>

#include "common/base64.h"
#include "common/error.h"
#include "common/files.h"
#include "common/json.h"
#include "common/safetensors.h"
#include "compression/code_file.h"
#include "data/formats/csv.h"
#include "data/formats/idx.h"
#include "data/formats/npy.h"
#include "data/formats/npz.h"
#include "data/formats/table_reader.h"
#include "http/message.h"
#include "pictures/picture_header.h"
#include "run/history.h"
#include "service/json_body.h"
#include "tasks/sweep_plan.h"
#include "tests/support/forged_code_file.h"
#include "tests/support/idx_files.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder::testing {
namespace {

namespace fs = std::filesystem;

// What a function writes to a file of that name.
std::string written(const std::string& name, const std::function<void(const fs::path&)>& write) {
  const TemporaryFolder folder;
  write(folder / name);
  return read_file(folder / name);
}

std::string npy(const torch::Tensor& array) {
  return written("x.npy", [&](const fs::path& path) { write_npy(path, array); });
}

// The lowest byte first.
std::string little_endian(uint64_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) {
    text += static_cast<char>(number >> (8 * i));
  }
  return text;
}

// An archive of one file, as numpy.savez writes it: stored (APPNOTE.TXT of PKWARE, 4.3).
std::string npz(const std::string& name, const std::string& array) {
  const uint64_t checksum = ::crc32_z(0, reinterpret_cast<const Bytef*>(array.data()), array.size());
  const std::string facts = little_endian(20, 2) + std::string(8, '\0') + little_endian(checksum, 4) +
                            little_endian(array.size(), 4) + little_endian(array.size(), 4) +
                            little_endian(name.size(), 2) + little_endian(0, 2);
  const std::string local = "PK\x03\x04" + facts + name + array;
  const std::string central = "PK\x01\x02" + little_endian(20, 2) + facts + std::string(14, '\0') + name;
  return local + central + "PK\x05\x06" + little_endian(0, 4) + little_endian(1, 2) + little_endian(1, 2) +
         little_endian(central.size(), 4) + little_endian(local.size(), 4) + little_endian(0, 2);
}

// By hand, for what this program writes has a checksum, which hides all that lies behind it.
std::string safetensors(const std::string& header, size_t bytes) {
  const auto length = static_cast<uint64_t>(header.size());
  return std::string(reinterpret_cast<const char*>(&length), sizeof(length)) + header +
         std::string(bytes, '\x3f');
}

std::string aec() {
  const torch::Tensor symbols = torch::tensor({{0, -1, 70000}, {5, 127, -300}}, torch::kInt32);
  std::string bytes = written("x.aec", [&](const fs::path& path) {
    CodeFileWriter writer(
        path, {.model = {1, 2}, .residual_width = 0, .steps = torch::tensor({9, 8, 7}, torch::kUInt8)});
    writer.append({.symbols = symbols, .residual = {}, .names = {"a", "b"}});
    writer.commit();
  });
  bytes.resize(bytes.size() - sizeof(uint32_t));
  return bytes;
}

// Whatever the bytes, their checksum is right.
void read_aec(const fs::path& path) {
  const std::string whole = with_checksum(read_file(path));
  std::ofstream(path, std::ios::binary) << whole;
  CodeFileReader reader(path);
  constexpr int kEnough = 50;
  for (int chunk = 0; chunk < kEnough && reader.next(); ++chunk) {
  }
}

void read_json(const fs::path& path) {
  try {
    json_text(parse_json(read_file(path), "json"));
  } catch (const Json::exception&) {  // what callers turn into their own words
  }
}

// As the service takes a list of examples, some of which are texts in base64.
void read_request_body(const fs::path& path) {
  const service::JsonBody body = service::read_json_body(read_file(path), "examples", service::Null::kHole);
  for (const std::string& text : body.texts) {
    bytes_of_base64(text);
  }
}

void read_request_target(const fs::path& path) {
  http::Request request;
  request.target = read_file(path);
  try {
    http::read_target(request);
  } catch (const std::invalid_argument&) {  // what the server turns into 400
  }
}

std::string png_header(uint32_t width, uint32_t height) {
  return "\x89PNG\r\n\x1a\n" + big_endian(13) + "IHDR" + big_endian(width) + big_endian(height) +
         std::string("\x08\x02\0\0\0", 5);
}

// A segment of a program's, then that of the picture's sizes (ITU T.81, B.2.2).
std::string jpeg_header() {
  return std::string("\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", 20) +
         std::string("\xff\xc0\0\x11\x08\0\x30\0\x20\3\1\x22\0\2\x11\1\3\x11\1", 19);
}

std::vector<FuzzedReader> all_readers() {
  std::vector<FuzzedReader> readers;
  readers.push_back(
      {"idx-images",
       "x-idx3-ubyte",
       [](const fs::path& path) { read_idx_images(path); },
       {big_endian(0x803) + big_endian(2) + big_endian(3) + big_endian(4) + std::string(24, 'x')}});
  readers.push_back({"idx-labels",
                     "x-idx1-ubyte",
                     [](const fs::path& path) { read_idx_labels(path); },
                     {big_endian(0x801) + big_endian(5) + "abcde"}});
  readers.push_back(
      {"npy",
       "x.npy",
       [](const fs::path& path) { read_npy(path); },
       {npy(torch::rand({3, 2})), npy(torch::arange(6)), npy(torch::zeros({2, 3, 4}, torch::kUInt8))}});
  readers.push_back({"npz",
                     "x.npz",
                     [](const fs::path& path) { read_npz_source(path); },
                     {npz("data.npy", npy(torch::rand({3, 2})))}});
  readers.push_back({"csv",
                     "x.csv",
                     [](const fs::path& path) { read_csv(path); },
                     {"a,b\n1,2\n3,4\n", "1;2,5\n3;4e-3\n", "\"a \"\"b\"\"\"\t2\r\n3\t4\r\n"}});
  readers.push_back(
      {"table",
       "x.csv",
       [](const fs::path& path) { read_table(path); },
       {"id,name,age,when,ok\n1,ann,30,2020-01-02,yes\n2,,41,2020-02-03 10:11,no\n3,bob,NA,,yes\n",
        "# a comment\na|b|c\n1|x|3%\n2|y|4%\n?|x|-\n", "a;b\n1,5;2\n2,5;3\n"}});
  readers.push_back(
      {"json", "x.json", read_json, {R"({"a": [1, -2.5e3, "\u00e4", null], "b": {"c": true}})"}});
  readers.push_back(
      {"sweep",
       "x.json",
       [](const fs::path& path) { read_sweep_plan(path); },
       {R"({"grid": {"latent-dim": [2, 3]}, "seeds": [0]})",
        R"({"random": {"dropout": {"min": 0, "max": 0.5}}, "count": 2, "halving": {"epochs": 2}})"}});
  readers.push_back({"metrics",
                     "metrics.csv",
                     [](const fs::path& path) { read_history(path); },
                     {"epoch,train_loss,validation_loss,train_kl,validation_kl,learning_rate,train_seconds,"
                      "images_per_second\n1,0.5,0.4,0.1,0.1,0.001,1,100\n"}});
  readers.push_back({"safetensors",
                     "x.safetensors",
                     [](const fs::path& path) { read_safetensors(path); },
                     {safetensors(R"({"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                                  R"("b":{"dtype":"I64","shape":[1],"data_offsets":[24,32]}})",
                                  32)}});
  readers.push_back({"aec", "x.aec", read_aec, {aec()}});
  readers.push_back({"picture-header",
                     "x.png",
                     [](const fs::path& path) { announced_size(read_file(path)); },
                     {png_header(48, 32), jpeg_header()}});
  readers.push_back(
      {"request-body",
       "x.json",
       read_request_body,
       {R"({"examples": [[1, -2.5e3], [0.5, null]]})", R"([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])",
        R"({"examples": ["aGVsbG8=", "d29ybGQ="]})"}});
  readers.push_back({"request-target",
                     "x.txt",
                     read_request_target,
                     {"/v1/models/vae/sample?count=4&class=%C3%A4+b", "/%2e%2e/x?a=1&a=2&b"}});
  return readers;
}

}  // namespace

const std::vector<FuzzedReader>& fuzzed_readers() {
  static const std::vector<FuzzedReader> kReaders = all_readers();
  return kReaders;
}

void feed(const FuzzedReader& reader, const fs::path& folder, std::string_view bytes) {
  const fs::path path = folder / reader.file;
  std::ofstream(path, std::ios::binary) << bytes;
  try {
    reader.read(path);
  } catch (const Error&) {  // told in a line
  }
}

}  // namespace autoencoder::testing
