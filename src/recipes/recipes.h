// Named configurations that reproduce known set-ups from end to end. Those of this folder are built into the
// program; a user's own are files of the same format:
//   {"description": one line, "expect": what should come out, "time": how long it takes, "options": {...}}
#pragma once

#include <string>
#include <vector>

#include "common/options.h"

namespace autoencoder {

struct Recipe {
  std::string name;
  std::string description;
  std::string expect;  ///< the result that it should give; empty where a user's own says nothing
  std::string time;    ///< on two CPU cores
  Json options;        ///< as in a config file
};

/// Those built in, sorted by name.
std::vector<Recipe> recipes();

/// A recipe by its name, or from a file (a word with a slash, or that ends in .json). Throws Error where
/// there is none, with the nearest name, and where a file is no recipe.
Recipe find_recipe(const std::string& name_or_path);

}  // namespace autoencoder
