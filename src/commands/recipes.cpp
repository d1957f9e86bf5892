// autoencoder recipes [NAME]: the named configurations, and what is in one.

#include "recipes/recipes.h"

#include <fmt/format.h>

#include "commands/command.h"

namespace autoencoder {
namespace {

struct RecipesOptions : Options {
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    visitor.group("Output");
    visitor.option("json", json, "print JSON");
  }
};

Json as_json(const Recipe& recipe) {
  return {{"name", recipe.name},
          {"description", recipe.description},
          {"expect", recipe.expect},
          {"time", recipe.time},
          {"options", recipe.options}};
}

int print_recipes(bool json) {
  if (json) {
    Json list = Json::array();
    for (const Recipe& recipe : recipes()) {
      list.push_back(as_json(recipe));
    }
    answer_in_json(list);
    return 0;
  }
  for (const Recipe& recipe : recipes()) {
    fmt::print("{:<22} {}\n", recipe.name, recipe.description);
  }
  fmt::print("\n'autoencoder recipes NAME' shows one, 'autoencoder train --recipe NAME' trains it\n");
  return 0;
}

int print_recipe(const Recipe& recipe, bool json) {
  if (json) {
    answer_in_json(as_json(recipe));
    return 0;
  }
  fmt::print("{}: {}\n\n", recipe.name, recipe.description);
  for (const auto& [name, value] : recipe.options.items()) {
    fmt::print("  --{:<22} {}\n", name, option_text(value));
  }
  for (const auto& [label, text] : {std::pair("expect", recipe.expect), std::pair("time", recipe.time)}) {
    if (!text.empty()) {
      fmt::print("\n  {}: {}", label, text);
    }
  }
  fmt::print("\n\nautoencoder train --recipe {}\n", recipe.name);
  return 0;
}

int run_recipes(const Arguments& arguments) {
  const auto options = options_from<RecipesOptions>(arguments);
  return arguments.words.empty() ? print_recipes(options.json)
                                 : print_recipe(find_recipe(arguments.words.front()), options.json);
}

}  // namespace

Command recipes_command() {
  return {.name = "recipes",
          .summary = "named configurations that reproduce known set-ups",
          .synopsis = "[NAME]",
          .min_words = 0,
          .max_words = 1,
          .examples = {"autoencoder recipes", "autoencoder recipes mnist-deep"},
          .options = specs_of<RecipesOptions>,
          .run = run_recipes};
}

}  // namespace autoencoder
