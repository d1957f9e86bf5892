#include "data/formats/npz.h"

#include <algorithm>
#include <memory>
#include <vector>
#include <zip.h>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "common/text.h"
#include "data/data_format.h"
#include "data/formats/array_source.h"
#include "data/formats/npy.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr const char* kArrayEnding = ".npy";
constexpr const char* kLabelArray = "labels";

// A .npz file, open for reading.
class Npz {
 public:
  explicit Npz(const fs::path& path) : path_(path.string()), archive_(opened(path), &::zip_discard) {}

  /// Of its arrays, in the file's order.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (zip_int64_t i = 0; i < ::zip_get_num_entries(archive_.get(), 0); ++i) {
      const std::string name = ::zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), 0);
      if (name.ends_with(kArrayEnding)) {
        names.push_back(name.substr(0, name.size() - 4));
      }
    }
    return names;
  }

  torch::Tensor read(const std::string& name) const { return parse_npy(bytes_of(name), place(name)); }

  /// "faces.npz, array x".
  std::string place(const std::string& name) const { return fmt::format("{}, array {}", path_, name); }

 private:
  static zip_t* opened(const fs::path& path) {
    open_file(path);  // says why where it cannot be read at all
    int code = 0;
    zip_t* archive = ::zip_open(path.c_str(), ZIP_RDONLY, &code);
    if (archive == nullptr) {
      throw Error(
          fmt::format("{}: no whole .npz file; save the arrays again with numpy.savez", path.string()));
    }
    return archive;
  }

  std::string bytes_of(const std::string& name) const {
    const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(
        ::zip_fopen(archive_.get(), (name + kArrayEnding).c_str(), 0), &::zip_fclose);
    std::string bytes;
    std::vector<char> some(size_t{1} << 20);  // the size that the file states may be a lie
    zip_int64_t got = file ? 1 : -1;
    while (got > 0) {
      got = ::zip_fread(file.get(), some.data(), some.size());
      bytes.append(some.data(), static_cast<size_t>(std::max<zip_int64_t>(got, 0)));
    }
    if (got < 0) {
      throw Error(fmt::format("{}: damaged; save the arrays again with numpy.savez", place(name)));
    }
    return bytes;
  }

  std::string path_;
  std::unique_ptr<zip_t, void (*)(zip_t*)> archive_;
};

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::count(names, name) > 0;
}

bool are_labels(const std::string& name) {
  return name == kLabelArray || name.ends_with(std::string(".") + kLabelArray);
}

std::string chosen_array(const fs::path& path, const std::vector<std::string>& names,
                         const std::string& wanted) {
  if (!wanted.empty()) {
    if (!has(names, wanted)) {
      throw Error(fmt::format("{}: no array called {}; there is {}{}", path.string(), wanted, join(names),
                              did_you_mean(wanted, names)));
    }
    return wanted;
  }
  std::vector<std::string> data;
  std::ranges::remove_copy_if(names, std::back_inserter(data), are_labels);
  if (data.empty()) {
    throw Error(fmt::format("{}: no array in it to learn from; get another file", path.string()));
  }
  if (data.size() > 1) {
    throw Error(fmt::format("{}: {} arrays, {}; choose one with --array {}", path.string(), data.size(),
                            join(data), data.front()));
  }
  return data.front();
}

struct NpzOptions : Options {
  std::string array;

  void visit(OptionVisitor& visitor) override {
    visitor.option("array", array, "which array of a .npz file; the default is the only one");
  }
};

const DataFormatRegistration npz_format({.place = DataPlace::kFile,
                                         .name = "npz",
                                         .words = {".npz"},
                                         .make_options = new_options<NpzOptions>,
                                         .open =
                                             [](const SourceOptions& source) {
                                               return read_npz_source(source.data,
                                                                      source.own<NpzOptions>().array);
                                             },
                                         .has_rows = true});

}  // namespace

DataSource read_npz_source(const fs::path& path, const std::string& array) {
  const Npz file(path);
  const std::vector<std::string> names = file.names();
  const std::string chosen = chosen_array(path, names, array);
  DataSource source = source_of_array(file.place(chosen), path.stem().string(), file.read(chosen));
  for (const std::string& labels : {chosen + "." + kLabelArray, std::string(kLabelArray)}) {
    if (has(names, labels) && labels != chosen && !source.train.labels.defined()) {
      source.train.labels = labels_of_array(file.place(labels), file.read(labels), source.train.size());
    }
  }
  return source;
}

}  // namespace autoencoder
