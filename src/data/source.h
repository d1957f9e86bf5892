// Which data: what --data says, and how it is to be read.
#pragma once

#include <string>

#include "common/options.h"
#include "data/dataset.h"

namespace autoencoder {

struct SourceOptions : Options {
  std::string data = "mnist";
  std::string data_dir;
  Json reading = Json::object();  ///< options of formats, by name; one that is not there has its default

  void visit(OptionVisitor& visitor) override;

  /// Those of `reading` that are not as they are by default.
  Json changed() const;

  /// What `reading` holds of a format's own options.
  template <typename FormatOptions>
  FormatOptions own() const {
    FormatOptions options;
    read_options(options, reading);
    return options;
  }

  /// Sets an option that is as by default, where the format of `data` reads it.
  void offer(const std::string& option, const Json& value);
};

/// Opens the data. Throws Error where there is none, where it is not as it should be, and on an option that
/// its format does not read.
DataSource open_source(const SourceOptions& options);

/// The same options with every path absolute and the folder filled in where a named data set was found: what
/// a run keeps, so that it finds its data from any folder.
SourceOptions located(const SourceOptions& options);

}  // namespace autoencoder
