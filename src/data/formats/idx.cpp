#include "data/formats/idx.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <set>
#include <span>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"
#include "data/data_format.h"
#include "data/formats/gzip_file.h"
#include "data/named_data.h"
#include "data/room.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

// What an IDX file holds, as its magic number tells: type of the elements (08: uint8) and number of
// dimensions.
struct Kind {
  uint32_t magic;
  size_t dimensions;
  const char* contents;
};
constexpr Kind kImages = {0x00000803, 3, "images"};
constexpr Kind kLabels = {0x00000801, 1, "labels"};

/// Four bytes, the most significant one first.
uint32_t read_number(GzipFile& file) {
  std::array<uint8_t, 4> bytes{};
  if (file.read(bytes.data(), bytes.size()) < bytes.size()) {
    throw Error(fmt::format("{}: ends within its header; {}", file.path().string(), kGetItAgain));
  }
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

void check_magic(const fs::path& path, uint32_t found, const Kind& expected) {
  if (found == expected.magic) {
    return;
  }
  const Kind& other = expected.magic == kImages.magic ? kLabels : kImages;
  const std::string hint = found == other.magic
                               ? fmt::format("these are {}, not {}", other.contents, expected.contents)
                               : fmt::format("this is no IDX file of {}", expected.contents);
  throw Error(fmt::format("{}: magic number 0x{:08x}, expected 0x{:08x}; {}", path.string(), found,
                          expected.magic, hint));
}

// "60000 images of 28x28" or "60000 labels".
std::string announcement(const std::vector<int64_t>& sizes, const Kind& kind) {
  const std::string count = fmt::format("{} {}", sizes[0], kind.contents);
  return sizes.size() == 1 ? count : fmt::format("{} of {}x{}", count, sizes[1], sizes[2]);
}

// Nothing where the product does not fit.
std::optional<uint64_t> product(const std::vector<int64_t>& sizes) {
  uint64_t result = 1;
  for (const int64_t size : sizes) {
    if (__builtin_mul_overflow(result, static_cast<uint64_t>(size), &result)) {
      return std::nullopt;
    }
  }
  return result;
}

// The number of bytes that follow the header, as far as it can be true.
uint64_t content_size(const GzipFile& file, const fs::path& path, const std::vector<int64_t>& sizes,
                      const Kind& kind) {
  const auto size = product(sizes);
  if (size == 0) {
    throw Error(fmt::format("{}: {}, so there is nothing to learn from; get another file", path.string(),
                            announcement(sizes, kind)));
  }
  const uint64_t header_size = 4 * (1 + sizes.size());
  if (!size || *size > file.largest_size() - header_size) {
    throw Error(fmt::format("{}: its header says {}, more than its {} bytes can hold; {}", path.string(),
                            announcement(sizes, kind), fs::file_size(path), kGetItAgain));
  }
  return *size;
}

torch::Tensor read_idx(const fs::path& path, const Kind& kind) {
  GzipFile file(path);
  check_magic(path, read_number(file), kind);
  std::vector<int64_t> sizes;
  while (sizes.size() < kind.dimensions) {
    sizes.push_back(read_number(file));
  }
  const uint64_t size = content_size(file, path, sizes, kind);
  torch::Tensor contents = room_for(sizes, torch::kUInt8);
  const uint64_t got = file.read(contents.data_ptr(), size);
  if (got < size) {
    throw Error(fmt::format("{}: its header says {}, {} bytes, but only {} follow it; {}", path.string(),
                            announcement(sizes, kind), size, got, kGetItAgain));
  }
  char beyond = 0;
  if (file.read(&beyond, 1) > 0) {
    throw Error(fmt::format("{}: its header says {}, {} bytes, but more follow it; {}", path.string(),
                            announcement(sizes, kind), size, kGetItAgain));
  }
  return contents;
}

// What the parts of a set are called.
using PartNames = std::span<const char* const>;
constexpr std::array kTrain = {"train"};
constexpr std::array kTest = {"t10k", "test"};

// Files of a folder that belong together: their names have the same start.
struct IdxSet {
  fs::path folder;
  std::string prefix;  // "emnist-letters", or nothing
};

// The names under which a file goes round; unpacked ones first.
std::vector<std::string> usual_names(const std::string& part, const Kind& kind) {
  std::vector<std::string> names;
  for (const char* ending : {"", ".gz"}) {
    for (const char* separator : {"-", "."}) {
      names.push_back(
          fmt::format("{}-{}{}idx{}-ubyte{}", part, kind.contents, separator, kind.dimensions, ending));
    }
  }
  return names;
}

std::optional<fs::path> find_file(const IdxSet& set, PartNames parts, const Kind& kind) {
  for (const char* part : parts) {
    for (const std::string& name : usual_names(part, kind)) {
      const fs::path path = set.folder / (set.prefix.empty() ? name : set.prefix + "-" + name);
      std::error_code unreadable;
      if (fs::is_regular_file(path, unreadable)) {
        return path;
      }
    }
  }
  return std::nullopt;
}

// What stands before the usual name of a set's training images; nothing where the file is another.
std::optional<std::string> prefix_of(const std::string& file) {
  for (const std::string& name : usual_names(kTrain.front(), kImages)) {
    if (file == name) {
      return "";
    }
    if (file.ends_with("-" + name)) {
      return file.substr(0, file.size() - name.size() - 1);
    }
  }
  return std::nullopt;
}

// Images and, where they are there, labels of one part; nothing where there are no images.
Dataset read_part(const IdxSet& set, PartNames part) {
  Dataset data;
  const auto images = find_file(set, part, kImages);
  if (!images) {
    return data;
  }
  data.images = read_idx_images(*images);
  if (const auto labels = find_file(set, part, kLabels)) {
    data.labels = read_idx_labels(*labels);
    if (data.labels.size(0) != data.images.size()) {
      throw Error(fmt::format("{}: {} images but {} labels; the two files do not belong together",
                              images->string(), data.images.size(), data.labels.size(0)));
    }
  }
  return data;
}

// The last part of a path: of "data/digits/" as of "data/digits" it is "digits".
std::string folder_name(const fs::path& folder) {
  const fs::path path = fs::absolute(folder).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

}  // namespace

torch::Tensor read_idx_images(const fs::path& path) { return read_idx(path, kImages).unsqueeze(1); }

torch::Tensor read_idx_labels(const fs::path& path) { return read_idx(path, kLabels).to(torch::kInt64); }

bool has_idx_files(const fs::path& folder) { return find_file({folder, ""}, kTrain, kImages).has_value(); }

std::vector<std::string> idx_prefixes(const fs::path& folder) {
  std::set<std::string> prefixes;
  std::error_code unreadable;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, unreadable)) {
    const auto prefix = prefix_of(entry.path().filename().string());
    if (prefix && entry.is_regular_file(unreadable)) {
      prefixes.insert(*prefix);
    }
  }
  return {prefixes.begin(), prefixes.end()};
}

DataSource read_idx_folder(const fs::path& folder, const std::string& prefix) {
  const IdxSet set = {folder, prefix};
  DataSource source = {prefix.empty() ? folder_name(folder) : prefix, read_part(set, kTrain),
                       read_part(set, kTest)};
  if (source.train.empty()) {
    throw Error(fmt::format("{}: no IDX training images; looked for {}", folder.string(),
                            join(usual_names(kTrain.front(), kImages))));
  }
  if (!source.test.empty() && source.test.shape() != source.train.shape()) {
    throw Error(fmt::format(
        "{}: the training images are {}, but the test images {}; the files do not belong together",
        folder.string(), source.train.shape().text(), source.test.shape().text()));
  }
  return source;
}

namespace {

struct IdxOptions : Options {
  std::string idx;
  bool transpose = false;

  void visit(OptionVisitor& visitor) override {
    visitor.option("idx", idx,
                   "which set of a folder of several IDX sets: what stands before -train-images-idx3-ubyte");
    visitor.option("transpose", transpose, "swap rows and columns of IDX images, as EMNIST's letters need");
  }
};

// The set that is asked for, the folder's own, whose files have nothing before their usual names, or the only
// one.
std::string chosen_prefix(const std::string& folder, const std::vector<std::string>& prefixes,
                          const std::string& wanted) {
  if (std::ranges::count(prefixes, wanted) > 0) {
    return wanted;
  }
  if (!wanted.empty()) {
    const bool has_plain_set = std::ranges::count(prefixes, "") > 0;
    throw Error(fmt::format("{}: no IDX set called {}; {}{}", folder, wanted,
                            has_plain_set ? "its files have nothing before their usual names: leave --idx out"
                                          : "there is " + join(prefixes),
                            did_you_mean(wanted, prefixes)));
  }
  if (prefixes.size() > 1) {
    throw Error(fmt::format("{}: {} IDX sets, {}; choose one with --idx {}", folder, prefixes.size(),
                            join(prefixes), prefixes.front()));
  }
  return prefixes.front();
}

void transpose_images(Dataset& data) {
  if (!data.empty()) {
    data.images = data.images.all().transpose(2, 3).contiguous();
  }
}

DataSource open_idx(const SourceOptions& request) {
  const auto options = request.own<IdxOptions>();
  std::vector<std::string> prefixes = idx_prefixes(request.data);
  const std::string prefix = chosen_prefix(request.data, prefixes, options.idx);
  DataSource source = read_idx_folder(request.data, prefix);
  name_labels(source);
  if (std::erase(prefixes, prefix); options.idx.empty() && !prefixes.empty()) {
    source.notes.push_back(
        fmt::format("{} also holds the IDX sets {}; --idx takes one of them", request.data, join(prefixes)));
  }
  if (options.transpose) {
    transpose_images(source.train);
    transpose_images(source.test);
  }
  return source;
}

const DataFormatRegistration idx_format(
    {.place = DataPlace::kFolder,
     .name = "idx",
     .words = {"a folder of IDX files (train-images-idx3-ubyte, plain or .gz)"},
     .claims = [](const std::string& data) { return !idx_prefixes(data).empty(); },
     .make_options = new_options<IdxOptions>,
     .open = open_idx});

}  // namespace
}  // namespace autoencoder
