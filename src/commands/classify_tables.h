// What `autoencoder classify` shows to people below its first line. Each line begins with the end of the one
// above.
#pragma once

#include <string>

#include "tasks/classify.h"

namespace autoencoder {

/// A column for each kind of features, a row for each classifier; of a curve a table for each classifier,
/// with a row for each number of labels.
std::string accuracies_text(const ClassifyResult& result);

/// Where the accuracies might be better than they are.
std::string notes_text(const ClassifyResult& result);

/// True classes down, predicted ones across, after a blank line; nothing where it was not asked for.
std::string confusion_text(const ClassifyResult& result);

}  // namespace autoencoder
