// Names -> models. A model is a family (what the code is, what is minimised) on a backbone (the
// encoder/decoder pair); families, backbones and short names register themselves beside their classes, and
// this is the only list of them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/image_shape.h"
#include "common/options.h"
#include "models/autoencoder.h"
#include "models/backbones/backbone.h"

namespace autoencoder {

/// A name for --model: a family on a backbone, with the defaults that suit the pair.
struct ModelEntry {
  std::string name;
  std::string description;
  std::string family;
  std::string backbone;  ///< fixed by the name; empty where --backbone may choose (the family's own name)
  Json defaults =
      Json::object();  ///< options (of the model or of training) that differ from their general defaults
};

/// All models, sorted by name.
std::vector<ModelEntry> models();
std::vector<std::string> model_names();
std::vector<std::string> backbone_names();

/// Throws Error, with the nearest name, where there is none of that name.
ModelEntry find_model(const std::string& name);

/// The options that a model has, with the defaults that its name fixes. `given` holds at least "model", and
/// "backbone" where it was chosen. Throws Error on unknown names and on a backbone that the model's name
/// rules out.
std::vector<OptionSpec> model_options(const Json& given);

/// The options of all models, each once, in the order in which families and backbones list them: what the
/// command line knows. Their groups say whose they are: "Variational model", "Dense backbone", or "Model" and
/// "Backbone" where several families or backbones have them.
std::vector<OptionSpec> all_model_options();

/// Every option of the model, those in `given` over the defaults. Other keys of `given` are left out.
/// Throws Error on unknown names and on values that are not allowed.
Json resolve_model(const Json& given);

/// The options of a model that a run keeps: a run that is older than some of them is told of what was done in
/// its time.
Json kept_options(Json kept);

/// The backbone of the model with its options. Throws Error as resolve_model.
std::unique_ptr<Backbone> make_backbone(const Json& given);

/// Makes the model with fresh weights from LibTorch's global generator, on the CPU, in training mode.
/// Throws Error as resolve_model, and where the options do not fit the shape.
std::shared_ptr<Autoencoder> make_model(const Json& given, const ImageShape& shape);

// What registers families, backbones and short names: one static object each, in the file of the class.

struct Family {
  std::string name;
  std::string description;
  std::function<std::unique_ptr<Options>()> make_options;
  std::function<std::shared_ptr<Autoencoder>(const Json&, const Backbone&, const ImageShape&)> make_model;
};

struct BackboneEntry {
  std::string name;
  std::string description;
  std::function<std::unique_ptr<Backbone>()> make;
};

/// Registers the family's own name as a model, too, with a fixed backbone (unless empty) and defaults.
void register_family(Family family, const std::string& fixed_backbone, const Json& defaults);
void register_backbone(BackboneEntry entry);
void register_model(ModelEntry entry);

/// Model: an Autoencoder with a nested `struct Options` and a constructor (const Options&, const Backbone&,
/// const ImageShape&).
template <typename Model>
struct FamilyRegistration {
  FamilyRegistration(const std::string& name, const std::string& description,
                     const std::string& fixed_backbone = "", const Json& defaults = Json::object()) {
    register_family({name, description, [] { return std::make_unique<typename Model::Options>(); },
                     [](const Json& given, const Backbone& backbone, const ImageShape& shape) {
                       typename Model::Options options;
                       read_options(options, given);
                       return std::make_shared<Model>(options, backbone, shape);
                     }},
                    fixed_backbone, defaults);
  }
};

template <typename Layers>
struct BackboneRegistration {
  BackboneRegistration(const std::string& name, const std::string& description) {
    register_backbone({name, description, [] { return std::make_unique<Layers>(); }});
  }
};

struct ModelRegistration {
  explicit ModelRegistration(ModelEntry entry) { register_model(std::move(entry)); }
};

}  // namespace autoencoder
