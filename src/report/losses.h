// Losses over epochs, as a report draws them.
#pragma once

#include <string>
#include <vector>

#include "report/report.h"
#include "run/history.h"

namespace autoencoder {

/// Training and validation loss, and their named parts, which are hidden at first. No blocks without an
/// epoch.
report::Section losses_section(const History& history);

/// A run among others.
struct NamedHistory {
  std::string name;
  History history;
};

/// The loss that each run's best epoch was chosen by. Those without an epoch are left out.
report::Curves compared_losses(const std::vector<NamedHistory>& runs);

}  // namespace autoencoder
