#include "models/registry.h"

#include <algorithm>
#include <cctype>
#include <map>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"

namespace autoencoder {
namespace {

constexpr const char* kDefaultBackbone = "dense";

// Function-local, so that they exist before the first registration of another file.
std::map<std::string, Family>& families() {
  static std::map<std::string, Family> map;
  return map;
}
std::map<std::string, BackboneEntry>& backbones() {
  static std::map<std::string, BackboneEntry> map;
  return map;
}
std::map<std::string, ModelEntry>& entries() {
  static std::map<std::string, ModelEntry> map;
  return map;
}

template <typename Value>
const Value& find(const std::map<std::string, Value>& map, const std::string& name, const char* kind) {
  const auto found = map.find(name);
  if (found == map.end()) {
    const auto names = keys_of(map);
    throw Error(fmt::format("no {} is called '{}' (there are {}){}", kind, name, join(names),
                            did_you_mean(name, names)));
  }
  return found->second;
}

template <typename Value>
void insert(std::map<std::string, Value>& map, Value value) {
  const std::string name = value.name;
  const bool inserted = map.emplace(name, std::move(value)).second;
  TORCH_CHECK(inserted, "registered twice: ", name);
}

// A model's name and choice of backbone, looked up.
struct Combination {
  ModelEntry entry;
  const Family& family;
  const BackboneEntry& backbone;
};

Combination find_combination(const Json& given) {
  const ModelEntry entry = find_model(given.at("model").get<std::string>());
  const std::string wanted = given.value("backbone", "");
  if (!entry.backbone.empty() && !wanted.empty() && wanted != entry.backbone) {
    if (entry.name == entry.family) {
      throw Error(fmt::format("model {} learns with the {} backbone alone; leave --backbone away", entry.name,
                              entry.backbone));
    }
    throw Error(
        fmt::format("model {} is the {} family on the {} backbone; for {} use --model {} --backbone {}",
                    entry.name, entry.family, entry.backbone, wanted, entry.family, wanted));
  }
  const std::string fixed = entry.backbone.empty() ? kDefaultBackbone : entry.backbone;
  return {entry, find(families(), entry.family, "family"),
          find(backbones(), wanted.empty() ? fixed : wanted, "backbone")};
}

// The general defaults, under those of the model's name, under what is given.
struct ModelOptions {
  std::unique_ptr<Options> family;
  std::unique_ptr<Backbone> backbone;
};

ModelOptions read_model_options(const Combination& combination, const Json& given) {
  ModelOptions options = {combination.family.make_options(), combination.backbone.make()};
  for (const Json* values : {&combination.entry.defaults, &given}) {
    read_options(*options.family, *values);
    read_options(*options.backbone, *values);
  }
  return options;
}

std::vector<OptionSpec> specs_of(const ModelOptions& options) {
  std::vector<OptionSpec> specs = describe(*options.family);
  std::vector<OptionSpec> more = describe(*options.backbone);
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}

// Options of one family or backbone; those that another one has, too, come to the group of all such `kind`.
void add_options(std::vector<OptionSpec>& all, std::vector<OptionSpec> specs, const std::string& owner,
                 const std::string& kind) {
  for (OptionSpec& spec : specs) {
    const auto known = std::ranges::find(all, spec.name, &OptionSpec::name);
    if (known == all.end()) {
      spec.group = fmt::format("{}{} {}{}", static_cast<char>(std::toupper(owner.front())), owner.substr(1),
                               static_cast<char>(std::tolower(kind.front())), kind.substr(1));
      all.push_back(std::move(spec));
    } else {
      known->group = kind;
    }
  }
}

}  // namespace

void register_family(Family family, const std::string& fixed_backbone, const Json& defaults) {
  register_model({family.name, family.description, family.name, fixed_backbone, defaults});
  insert(families(), std::move(family));
}
void register_backbone(BackboneEntry entry) { insert(backbones(), std::move(entry)); }
void register_model(ModelEntry entry) { insert(entries(), std::move(entry)); }

std::vector<ModelEntry> models() {
  std::vector<ModelEntry> all;
  for (const auto& [name, entry] : entries()) {
    all.push_back(entry);
  }
  return all;
}

std::vector<std::string> model_names() { return keys_of(entries()); }
std::vector<std::string> backbone_names() { return keys_of(backbones()); }
ModelEntry find_model(const std::string& name) { return find(entries(), name, "model"); }

std::vector<OptionSpec> model_options(const Json& given) {
  return specs_of(read_model_options(find_combination(given), Json::object()));
}

std::vector<OptionSpec> all_model_options() {
  std::vector<OptionSpec> all;
  for (const auto& [name, family] : families()) {
    add_options(all, describe(*family.make_options()), name, "Model");
  }
  for (const auto& [name, backbone] : backbones()) {
    add_options(all, describe(*backbone.make()), name, "Backbone");
  }
  return all;
}

Json resolve_model(const Json& given) {
  const Combination combination = find_combination(given);
  Json resolved = {{"model", combination.entry.name}, {"backbone", combination.backbone.name}};
  for (const OptionSpec& spec : specs_of(read_model_options(combination, given))) {
    resolved[spec.name] = spec.value;
  }
  return resolved;
}

Json kept_options(Json kept) {
  const auto backbone = kept.find("backbone");
  if (backbone == kept.end() || !backbone->is_string() || !backbones().contains(*backbone)) {
    return kept;
  }
  const Json earlier = backbones().at(*backbone).make()->earlier_options();
  for (const auto& [name, value] : earlier.items()) {
    kept.emplace(name, value);
  }
  return kept;
}

std::unique_ptr<Backbone> make_backbone(const Json& given) {
  return read_model_options(find_combination(given), given).backbone;
}

std::shared_ptr<Autoencoder> make_model(const Json& given, const ImageShape& shape) {
  const Combination combination = find_combination(given);
  const ModelOptions options = read_model_options(combination, given);
  return combination.family.make_model(resolve_model(given), *options.backbone, shape);
}

}  // namespace autoencoder
