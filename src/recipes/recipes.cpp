#include "recipes/recipes.h"

#include <fmt/format.h>

#include "common/error.h"
#include "common/files.h"
#include "common/text.h"
#include "recipes/built_in.h"

namespace autoencoder {
namespace {

Recipe parse_recipe(const std::string& name, const std::string& text) {
  try {
    const Json json = parse_json(text, name);
    for (const auto& [key, value] : json.items()) {
      if (key != "description" && key != "expect" && key != "time" && key != "options") {
        throw Error(fmt::format(
            "{}: '{}' is no part of a recipe; it has description, expect, time and options", name, key));
      }
    }
    return {name, json.value("description", ""), json.value("expect", ""), json.value("time", ""),
            json.at("options")};
  } catch (const Json::exception& failure) {
    throw Error(
        fmt::format("{}: no recipe: it must be a JSON object with \"options\" ({})", name, failure.what()));
  }
}

bool is_path(const std::string& word) {
  return word.find('/') != std::string::npos || word.ends_with(".json");
}

}  // namespace

std::vector<Recipe> recipes() {
  std::vector<Recipe> all;
  for (const BuiltInRecipe& each : kBuiltInRecipes) {
    all.push_back(parse_recipe(each.name, each.text));
  }
  return all;
}

Recipe find_recipe(const std::string& name_or_path) {
  if (is_path(name_or_path)) {
    return parse_recipe(name_or_path, read_file(name_or_path));
  }
  std::vector<std::string> names;
  for (const Recipe& recipe : recipes()) {
    if (recipe.name == name_or_path) {
      return recipe;
    }
    names.push_back(recipe.name);
  }
  throw Error(fmt::format("no recipe is called '{}'{} ('autoencoder recipes' lists them)", name_or_path,
                          did_you_mean(name_or_path, names)));
}

}  // namespace autoencoder
