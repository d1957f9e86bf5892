// A run of a version whose files could hold code, brought into today's format.
#pragma once

#include <string>

#include "common/options.h"

namespace autoencoder {

struct ConvertRequest : Options {
  std::string run;  ///< its folder

  void visit(OptionVisitor& visitor) override;
};

struct ConversionCheck {
  std::string run;         ///< its folder
  bool is_needed = false;  ///< whether there is anything to convert
};

struct ConvertResult {
  std::string run;             ///< its folder
  bool was_converted = false;  ///< or else it was of today's format already

  Json to_json() const;
};

/// Looks for files that could hold code, without opening any. Throws Error where there is no such run.
ConversionCheck check_conversion(const ConvertRequest& request);

/// Converts the run, where that is needed: opens its archives, which runs what their maker put into them. Can
/// be called again after it was interrupted. Throws Error where there is no such run, and where a file of it
/// is damaged or cannot be written.
ConvertResult convert_run(const ConvertRequest& request);

}  // namespace autoencoder
