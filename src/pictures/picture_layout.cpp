#include "pictures/picture_layout.h"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/error.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMaskEnding = "_mask";

// The folder under one of these names, where it holds pictures.
std::optional<fs::path> part_of(const fs::path& folder, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (has_pictures(folder / name)) {
      return folder / name;
    }
  }
  return std::nullopt;
}

std::optional<fs::path> training_part(const fs::path& folder) {
  return part_of(folder, {"train", "training"});
}

PictureFiles listed(const std::optional<fs::path>& folder) {
  return folder ? list_pictures(*folder) : PictureFiles();
}

// The same number for the same name in all parts.
void number_classes_alike(const std::vector<PictureFiles*>& parts) {
  std::set<std::string> names;
  for (const PictureFiles* part : parts) {
    names.insert(part->label_names.begin(), part->label_names.end());
  }
  for (PictureFiles* part : parts) {
    for (int64_t& label : part->labels) {
      const auto found = names.find(part->label_names[static_cast<size_t>(label)]);
      label = std::distance(names.begin(), found);
    }
    part->label_names.assign(names.begin(), names.end());
  }
}

std::string class_of(const PictureFiles& files, size_t picture) {
  return files.labels.empty() ? "" : files.label_names[static_cast<size_t>(files.labels[picture])];
}

bool has_class(const PictureFiles& files, const std::string& name) {
  for (size_t i = 0; i < files.labels.size(); ++i) {
    if (class_of(files, i) == name) {
      return true;
    }
  }
  return false;
}

// The masks of a folder, by kind and by the name of the picture that each belongs to; "" is the kind of those
// in the folder itself.
using Masks = std::map<std::pair<std::string, std::string>, fs::path>;

Masks masks_in(const fs::path& folder) {
  Masks masks;
  const PictureFiles files = list_pictures(folder);
  for (size_t i = 0; i < files.paths.size(); ++i) {
    std::string name = files.paths[i].stem().string();
    if (name.ends_with(kMaskEnding)) {
      name.resize(name.size() - std::string_view(kMaskEnding).size());
    }
    masks[{class_of(files, i), name}] = files.paths[i];
  }
  return masks;
}

// The kinds of test pictures that need no mask: those that are learned from or, where these have no classes,
// those without any.
std::set<std::string> good_kinds(const PictureLayout& layout, const Masks& masks) {
  std::set<std::string> kinds(layout.test.label_names.begin(), layout.test.label_names.end());
  std::erase_if(kinds, [&](const std::string& kind) {
    const bool has_masks =
        std::ranges::any_of(masks, [&](const auto& mask) { return mask.first.first == kind; });
    return layout.train.labels.empty() ? has_masks : !has_class(layout.train, kind);
  });
  return kinds;
}

// Takes the masks of the test pictures out of `masks`.
std::vector<fs::path> masks_of_test(const PictureLayout& layout, Masks& masks) {
  const std::set<std::string> good = good_kinds(layout, masks);
  std::vector<fs::path> found;
  for (size_t i = 0; i < layout.test.paths.size(); ++i) {
    const fs::path& picture = layout.test.paths[i];
    const std::string kind = class_of(layout.test, i);
    const auto mask = masks.extract({kind, picture.stem().string()});
    if (mask.empty() && !good.contains(kind)) {
      throw Error(fmt::format(
          "{}: no mask for it, as ground_truth{}/{}{}.png would be; add it, or remove the "
          "picture",
          picture.string(), kind.empty() ? "" : "/" + kind, picture.stem().string(), kMaskEnding));
    }
    found.push_back(mask.empty() ? fs::path() : mask.mapped());
  }
  return found;
}

void add_masks(PictureLayout& layout, const fs::path& folder) {
  Masks masks = masks_in(folder);
  layout.test_masks = masks_of_test(layout, masks);
  layout.has_masks = true;
  if (!masks.empty()) {
    throw Error(fmt::format("{}: no test picture belongs to this mask; remove it, or add the picture",
                            masks.begin()->second.string()));
  }
}

bool is_one_of(const fs::path& path, const std::vector<std::optional<fs::path>>& parts) {
  return std::ranges::count(parts, std::optional(path)) > 0;
}

}  // namespace

bool has_picture_layout(const fs::path& folder) { return has_pictures(folder) || training_part(folder); }

PictureLayout layout_of(const fs::path& folder) {
  const auto train = training_part(folder);
  const auto validation = part_of(folder, {"val", "valid", "validation"});
  const auto test = part_of(folder, {"test", "testing"});
  if (!train || (!validation && !test && list_pictures(*train).labels.empty())) {
    return {.train = list_pictures(folder), .validation = {}, .test = {}, .test_masks = {}};
  }
  PictureLayout layout = {
      .train = listed(train), .validation = listed(validation), .test = listed(test), .test_masks = {}};
  number_classes_alike({&layout.train, &layout.validation, &layout.test});
  const auto masks = part_of(folder, {"ground_truth"});
  if (test && masks) {
    add_masks(layout, *masks);
  }
  for (const fs::path& other : contents_of(folder)) {
    if (!is_one_of(other, {train, validation, test, masks})) {
      layout.train.passed_over.push_back(other);
    }
  }
  return layout;
}

}  // namespace autoencoder
