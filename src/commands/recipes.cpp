// autoencoder recipes [NAME]: the named configurations, and what is in one.

#include "recipes/recipes.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "common/text.h"

namespace autoencoder {
namespace {

struct RecipesRequest : Options {
  void visit(OptionVisitor& /*visitor*/) override {}
};

Json recipe_json(const Recipe& recipe) {
  return {{"name", recipe.name},
          {"description", recipe.description},
          {"expect", recipe.expect},
          {"time", recipe.time},
          {"options", recipe.options}};
}

Json recipes_json() {
  Json list = Json::array();
  for (const Recipe& recipe : recipes()) {
    list.push_back(recipe_json(recipe));
  }
  return list;
}

std::string recipes_text() {
  std::string text;
  for (const Recipe& recipe : recipes()) {
    text += fmt::format("{:<22} {}\n", recipe.name, recipe.description);
  }
  return text + "\n'autoencoder recipes NAME' shows one, 'autoencoder train --recipe NAME' trains it";
}

std::string recipe_text(const Recipe& recipe) {
  std::string text = fmt::format("{}: {}\n\n", recipe.name, recipe.description);
  for (const auto& [name, value] : recipe.options.items()) {
    text += fmt::format("  --{:<22} {}\n", name, option_text(value));
  }
  for (const auto& [label, words] : {std::pair("expect", recipe.expect), std::pair("time", recipe.time)}) {
    if (!words.empty()) {
      text += fmt::format("\n  {}: {}", label, words);
    }
  }
  return text + fmt::format("\n\nautoencoder train --recipe {}", recipe.name);
}

int list_recipes(const Answered<RecipesRequest>& request) {
  if (request.json) {
    print_answer(recipes_json());
  } else {
    print_answer(recipes_text());
  }
  return 0;
}

int show_recipe(const Recipe& recipe, const Answered<RecipesRequest>& request) {
  if (request.json) {
    print_answer(recipe_json(recipe));
  } else {
    print_answer(recipe_text(recipe));
  }
  return 0;
}

int run_recipes(const Arguments& arguments) {
  const auto request = options_from<Answered<RecipesRequest>>(arguments);
  return arguments.words.empty() ? list_recipes(request)
                                 : show_recipe(find_recipe(arguments.words.front()), request);
}

const CommandRegistration recipes_command({.group = CommandGroup::kTrain,
                                           .name = "recipes",
                                           .summary = "named configurations that reproduce known set-ups",
                                           .synopsis = "[NAME]",
                                           .min_words = 0,
                                           .max_words = 1,
                                           .examples = {"autoencoder recipes",
                                                        "autoencoder recipes mnist-deep"},
                                           .options = specs_of<Answered<RecipesRequest>>,
                                           .run = run_recipes});

}  // namespace
}  // namespace autoencoder
