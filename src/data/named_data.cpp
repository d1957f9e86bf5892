#include "data/named_data.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"
#include "data/data_format.h"
#include "data/formats/idx.h"
#include "data/formats/optdigits.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

struct NamedData {
  std::string name;
  std::function<bool(const fs::path&)> is_in;
  std::function<DataSource(const fs::path&)> read;
  std::string remedy;
  std::string system_folder = "";  // where a package of the system puts it
};

DataSource read_idx_as(const std::string& name, const fs::path& folder) {
  DataSource source = read_idx_folder(folder);
  source.name = name;
  name_labels(source);
  return source;
}

NamedData idx_data(const std::string& name, const std::string& how, const std::string& system_folder) {
  return {name, has_idx_files, [name](const fs::path& folder) { return read_idx_as(name, folder); },
          fmt::format("get it with `{}`, or name its folder with --data-dir", how), system_folder};
}

const std::vector<NamedData>& all_named() {
  static const std::vector<NamedData> kAll = {
      idx_data("mnist", "scripts/download-mnist", ""),
      idx_data("fashion-mnist", "apt install dataset-fashion-mnist", "/usr/share/datasets/fashion-mnist"),
      {"digits", has_optdigits, read_optdigits_folder,
       "get optdigits.tra and optdigits.tes from https://archive.ics.uci.edu/dataset/80, or name their "
       "folder "
       "with --data-dir"}};
  return kAll;
}

const NamedData& entry_of(const std::string& name) {
  const auto found = std::ranges::find(all_named(), name, &NamedData::name);
  TORCH_CHECK(found != all_named().end(), "no data set is called ", name);
  return *found;
}

void name_labels(Dataset& data) {
  static const std::vector<std::string> kNames = {"T-shirt/top", "Trouser",   "Pullover", "Dress",
                                                  "Coat",        "Sandal",    "Shirt",    "Sneaker",
                                                  "Bag",         "Ankle boot"};
  if (data.labels.defined() && data.labels.max().item<int64_t>() < static_cast<int64_t>(kNames.size())) {
    data.label_names = kNames;
  }
}

}  // namespace

std::vector<std::string> named_data() {
  std::vector<std::string> names;
  for (const NamedData& each : all_named()) {
    names.push_back(each.name);
  }
  return names;
}

std::vector<fs::path> named_data_folders(const std::string& name, const std::string& data_dir) {
  if (!data_dir.empty()) {
    return {data_dir, fs::path(data_dir) / name};
  }
  std::vector<fs::path> folders = {fs::path("data") / name};
  const char* shared = std::getenv("AUTOENCODER_DATA");
  if (shared != nullptr && *shared != '\0') {
    folders.push_back(fs::path(shared) / name);
  }
  if (const std::string& folder = entry_of(name).system_folder; !folder.empty()) {
    folders.emplace_back(folder);
  }
  return folders;
}

std::optional<fs::path> find_named_data(const std::string& name, const std::string& data_dir) {
  const std::vector<fs::path> folders = named_data_folders(name, data_dir);
  const auto folder = std::ranges::find_if(folders, entry_of(name).is_in);
  return folder == folders.end() ? std::nullopt : std::optional(*folder);
}

DataSource read_named_data(const std::string& name, const std::string& data_dir) {
  const NamedData& entry = entry_of(name);
  if (const auto folder = find_named_data(name, data_dir)) {
    return entry.read(*folder);
  }
  std::vector<std::string> searched;
  for (const fs::path& folder : named_data_folders(name, data_dir)) {
    searched.push_back(folder.string());
  }
  throw Error(fmt::format("no {} in {}; {}", name, join(searched), entry.remedy));
}

void name_labels(DataSource& source) {
  if (source.name == "fashion-mnist") {
    name_labels(source.train);
    name_labels(source.test);
  }
}

namespace {

DataSource open_named(const SourceOptions& source) { return read_named_data(source.data, source.data_dir); }

SourceOptions locate_named(const SourceOptions& source) {
  SourceOptions found = source;
  if (const auto folder = find_named_data(source.data, source.data_dir)) {
    found.data_dir = fs::absolute(*folder).lexically_normal().string();
  }
  return found;
}

const DataFormatRegistration named_format({.place = DataPlace::kNamed,
                                           .name = "named",
                                           .words = named_data(),
                                           .open = open_named,
                                           .locate = locate_named});

}  // namespace

}  // namespace autoencoder
