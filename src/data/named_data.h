// Data sets that are known by a name.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace autoencoder {

/// "mnist", "fashion-mnist", "digits".
std::vector<std::string> named_data();

/// The folders in which one is looked for, in order: `data_dir` and `data_dir`/name, where one is given; else
/// data/name, $AUTOENCODER_DATA/name and, for Fashion-MNIST, the folder of Debian's package.
std::vector<std::filesystem::path> named_data_folders(const std::string& name, const std::string& data_dir);

/// The first of these folders that holds it; nothing where none does.
std::optional<std::filesystem::path> find_named_data(const std::string& name, const std::string& data_dir);

/// Finds and reads one. Throws Error that lists the folders searched and says how to get the data.
DataSource read_named_data(const std::string& name, const std::string& data_dir);

/// Gives the labels of a source that is called "fashion-mnist" the names of what is on the pictures.
void name_labels(DataSource& source);

}  // namespace autoencoder
